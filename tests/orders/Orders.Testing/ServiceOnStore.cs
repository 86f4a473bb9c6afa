using ChangeFeed.EventStore;
using ChangeFeed.Emulator;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Orders.Contracts;
using Orders.Hosting;

namespace Orders.Testing;

/// <summary>A service as it is, reading the change feed of a store of its own through the unmodified SDK.</summary>
public class ServiceOnStore<TProgram> : WebApplicationFactory<TProgram>, IAsyncLifetime
    where TProgram : class
{
    private EmulatorHost? _store;

    /// <summary>What the simulators and the mailer write.</summary>
    public TemporaryDirectory Files { get; } = new();

    /// <summary>Settings beside the usual ones; to be set before the service is used.</summary>
    public Dictionary<string, string> Settings { get; } = [];

    /// <summary>The regions of the account, where it is to have some; to be set before the store is started.</summary>
    public IReadOnlyList<string> Regions { get; init; } = [];

    /// <summary>How long after its commit something arrives in the other regions.</summary>
    public TimeSpan ReplicationLag { get; init; }

    /// <summary>What a test adds to the service's own services; to be set before the service is used.</summary>
    public Action<IServiceCollection> Additions { get; set; } = _ => { };

    /// <summary>Where the store is.</summary>
    public Uri Endpoint => _store!.Endpoint;

    public OrdersDatabase Database => Services.GetRequiredService<OrdersDatabase>();

    public CosmosEventStore Events => Services.GetRequiredService<CosmosEventStore>();

    async ValueTask IAsyncLifetime.InitializeAsync() =>
        _store = await EmulatorHost.StartAsync(
            new EmulatorOptions { Port = 0, InMemory = true, Partitions = 4, Regions = Regions, ReplicationLag = ReplicationLag });

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        try
        {
            if (_store is not null)
                await IndexedQueries.CheckAsync(_store.Endpoint);
        }
        finally
        {
            if (_store is not null)
                await _store.DisposeAsync();
            Files.Dispose();
            GC.SuppressFinalize(this);
        }
    }

    /// <summary>Appends events to a new stream.</summary>
    public async Task<string> AppendAsync(params object[] events)
    {
        var id = Guid.CreateVersion7().ToString();
        await Events.AppendAsync(id, CosmosEventStore.NoStream, events, new AppendContext("test"), TestContext.Current.CancellationToken);
        return id;
    }

    /// <summary>Appends events to the end of a stream.</summary>
    public async Task AppendToAsync(string id, params IReadOnlyList<object> events)
    {
        var stream = await Events.ReadStreamAsync(id, TestContext.Current.CancellationToken);
        await Events.AppendAsync(id, stream[^1].Version, events, new AppendContext("test"), TestContext.Current.CancellationToken);
    }

    /// <summary>Stores an event as it is, readable or not.</summary>
    public async Task AppendRawAsync(string id, long version, string type, string data)
    {
        var document = $$$"""
            {"id":"{{{version}}}","streamId":"{{{id}}}","version":{{{version}}},"type":"{{{type}}}","schema":1,"data":{{{data}}},
             "meta":{"eventId":"{{{Guid.NewGuid()}}}","at":"{{{DateTimeOffset.UtcNow:O}}}","by":"test","correlationId":"{{{id}}}"}}
            """;
        await AppendRawAsync(id, System.Text.Encoding.UTF8.GetBytes(document));
    }

    /// <summary>Stores a document as it is.</summary>
    public async Task AppendRawAsync(string id, byte[] document)
    {
        using var body = new MemoryStream(document);
        using var response = await Database.Events.CreateItemStreamAsync(
            body, new Microsoft.Azure.Cosmos.PartitionKey(id), cancellationToken: TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>The stream as soon as it ends with an event of this type.</summary>
    public async Task<IReadOnlyList<RecordedEvent>> StreamEndingWithAsync<T>(string id)
    {
        IReadOnlyList<RecordedEvent> stream = [];
        await Eventually.UntilAsync(async () =>
        {
            stream = await Events.ReadStreamAsync(id, TestContext.Current.CancellationToken);
            return stream[^1].Data is T;
        });
        return stream;
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Production");
        builder.UseSetting("ConnectionStrings:cosmos", _store!.ConnectionString);
        builder.UseSetting("Simulators:Directory", Files.Path);
        builder.UseSetting("Mail:PickupDirectory", Files.Path);
        foreach (var (name, value) in Settings)
            builder.UseSetting(name, value);
        builder.ConfigureServices(Additions);
    }
}
