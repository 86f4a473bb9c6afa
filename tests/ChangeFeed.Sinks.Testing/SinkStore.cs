using ChangeFeed.Emulator;
using ChangeFeed.EventStore;
using ChangeFeed.MassTransit;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.Sinks.Testing;

/// <summary>A store of its own for the events that sinks are fed from.</summary>
public sealed class SinkStore : IAsyncDisposable
{
    internal const string Events = "events";
    internal const string Leases = "leases";
    internal const string DeadLetters = "dead-letters";
    internal const string Controls = "controls";

    private readonly EmulatorHost _emulator;
    private readonly CosmosClient _client;
    private readonly List<string> _streams = [];

    private SinkStore(EmulatorHost emulator, EventTypeMap types)
    {
        (_emulator, Types) = (emulator, types);
        _client = CreateClient();
        Store = new CosmosEventStore(In(_client, Events), types, TimeProvider.System);
        Letters = new DeadLetterClient(In(_client, DeadLetters), TimeProvider.System);
    }

    public EventTypeMap Types { get; }

    public CosmosEventStore Store { get; }

    public DeadLetterClient Letters { get; }

    /// <summary>Every event there is, for who compares.</summary>
    public ChangeFeedReader Feed => new(In(_client, Events), Types);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<SinkStore> StartAsync(EventTypeMap types)
    {
        var store = new SinkStore(await EmulatorHost.StartAsync(new EmulatorOptions { Port = 0, InMemory = true, Partitions = 4 }), types);
        Database database = await store._client.CreateDatabaseIfNotExistsAsync("sinks", cancellationToken: Stop);
        await database.CreateContainerIfNotExistsAsync(Events, EventDocument.PartitionKeyPath, cancellationToken: Stop);
        await database.CreateContainerIfNotExistsAsync(new ContainerProperties(Leases, "/id") { DefaultTimeToLive = -1 }, cancellationToken: Stop);
        await database.CreateContainerIfNotExistsAsync(new ContainerProperties(DeadLetters, "/endpoint") { DefaultTimeToLive = -1 }, cancellationToken: Stop);
        await database.CreateContainerIfNotExistsAsync(new ContainerProperties(Controls, "/endpoint") { DefaultTimeToLive = -1 }, cancellationToken: Stop);
        return store;
    }

    public async Task AppendAsync(string stream, long version, params object[] events)
    {
        if (version == 0)
            lock (_streams)
                _streams.Add(stream);
        await Store.AppendAsync(stream, version - 1, events, new AppendContext("test"), Stop);
    }

    /// <summary>Every stream there is, in full.</summary>
    public async Task<IReadOnlyList<IReadOnlyList<RecordedEvent>>> StreamsAsync()
    {
        var streams = new List<IReadOnlyList<RecordedEvent>>();
        foreach (var chunk in _streams.Chunk(16))
            streams.AddRange(await Task.WhenAll(chunk.Select(stream => Store.ReadStreamAsync(stream, Stop))));
        return streams;
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _emulator.DisposeAsync();
    }

    internal Container In(CosmosClient client, string container) => client.GetContainer("sinks", container);

    internal CosmosClient CreateClient(params RequestHandler[] handlers)
    {
        var options = new CosmosClientOptions
        {
            ConnectionMode = ConnectionMode.Gateway,
            UseSystemTextJsonSerializerWithOptions = System.Text.Json.JsonSerializerOptions.Web,
        };
        foreach (var handler in handlers)
            options.CustomHandlers.Add(handler);
        return new CosmosClient(_emulator.ConnectionString, options);
    }
}
