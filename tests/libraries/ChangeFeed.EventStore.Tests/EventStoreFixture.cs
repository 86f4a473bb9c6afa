using ChangeFeed.Emulator;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.EventStore.Tests;

/// <summary>An event store on the embedded store, through the unmodified SDK.</summary>
public sealed class EventStoreFixture : IAsyncLifetime
{
    private EmulatorHost _emulator = null!;
    private CosmosClient _client = null!;

    internal SpyHandler Spy { get; } = new();

    public CosmosEventStore Store { get; private set; } = null!;

    public Container Container { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _emulator = await EmulatorHost.StartAsync(new EmulatorOptions { Port = 0, InMemory = true, Partitions = 4 });
        _client = new CosmosClient(_emulator.ConnectionString, new CosmosClientOptions
        {
            ConnectionMode = ConnectionMode.Gateway,
            CustomHandlers = { Spy },
        });
        Database database = await _client.CreateDatabaseIfNotExistsAsync("orders");
        Container = await database.CreateContainerIfNotExistsAsync("events", EventDocument.PartitionKeyPath);
        Store = new CosmosEventStore(Container, Accounts.Map, TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _emulator.DisposeAsync();
    }
}

/// <summary>Sees every request, and can send a write twice, as the SDK does when an answer is lost on the way.</summary>
internal sealed class SpyHandler : RequestHandler
{
    private int _queries;
    private int _doubleNextWrite;
    private double _requestCharge;

    public int Queries => Volatile.Read(ref _queries);

    /// <summary>What all requests so far cost, in request units.</summary>
    public double RequestCharge => Volatile.Read(ref _requestCharge);

    public void SendNextWriteTwice() => Volatile.Write(ref _doubleNextWrite, 1);

    public override async Task<ResponseMessage> SendAsync(RequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Headers["x-ms-documentdb-isquery"] is not null)
            Interlocked.Increment(ref _queries);
        if (request.Method != HttpMethod.Post || request.Headers["x-ms-documentdb-isquery"] is not null
            || Interlocked.Exchange(ref _doubleNextWrite, 0) == 0)
        {
            var response = await base.SendAsync(request, cancellationToken);
            Volatile.Write(ref _requestCharge, _requestCharge + response.Headers.RequestCharge);
            return response;
        }

        var body = new MemoryStream();
        await request.Content!.CopyToAsync(body, cancellationToken);
        request.Content = new MemoryStream(body.ToArray());
        await base.SendAsync(request, cancellationToken); // not disposed: that would dispose the request
        request.Content = new MemoryStream(body.ToArray());
        return await base.SendAsync(request, cancellationToken);
    }
}
