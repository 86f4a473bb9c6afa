using ChangeFeed.Emulator;
using ChangeFeed.EventStore;
using ChangeFeed.Projections.Rebuild;
using ChangeFeed.Projections.Verify;
using ChangeFeed.Projections.Versions;
using ChangeFeed.Projections.Writing;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.Projections.Tests.Support;

/// <summary>Accounts and their views on the embedded store, through the unmodified SDK. Views are written when a test says so.</summary>
public sealed class AccountsOnStore : IAsyncLifetime
{
    private EmulatorHost _emulator = null!;
    private CosmosClient _client = null!;
    private CosmosClient _bulk = null!;
    private LiveViews _live = null!;

    internal static IView View { get; } = Projections.View.Of(new AccountProjection());

    internal static IView Purposes { get; } = Projections.View.Of(new PurposeProjection());

    public Container Events { get; private set; } = null!;

    /// <summary>The documents of the view of accounts.</summary>
    public Container Documents => Containers.Version(View.Name, 1);

    public Container Leases { get; private set; } = null!;

    public ViewDatabase Containers { get; private set; } = null!;

    /// <summary>The same by a client in bulk mode.</summary>
    public ViewDatabase Bulk { get; private set; } = null!;

    public EventSource Source { get; private set; } = null!;

    public ViewDirectory Directory { get; private set; } = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _emulator = await EmulatorHost.StartAsync(new EmulatorOptions { Port = 0, InMemory = true, Partitions = 4 });
        _client = new CosmosClient(_emulator.ConnectionString, new CosmosClientOptions { ConnectionMode = ConnectionMode.Gateway });
        _bulk = new CosmosClient(
            _emulator.ConnectionString, new CosmosClientOptions { ConnectionMode = ConnectionMode.Gateway, AllowBulkExecution = true });
        Database database = await _client.CreateDatabaseIfNotExistsAsync("bank");
        Events = await database.CreateContainerIfNotExistsAsync("events", EventDocument.PartitionKeyPath);
        Leases = await database.CreateContainerIfNotExistsAsync(new ContainerProperties("leases", "/id") { DefaultTimeToLive = -1 });
        await database.CreateContainerIfNotExistsAsync("views", "/view");
        await database.CreateContainerIfNotExistsAsync(View.Name, "/id");
        await database.CreateContainerIfNotExistsAsync(Purposes.Name, "/purpose");
        var store = new CosmosEventStore(Events, Accounts.Types, TimeProvider.System);
        Containers = new ViewDatabase(database);
        Bulk = new ViewDatabase(_bulk.GetDatabase(database.Id));
        Source = new EventSource(Events, Accounts.Types, store);
        Directory = new ViewDirectory(Containers, TimeProvider.System);
        _live = new LiveViews([View, Purposes], Directory, Containers, store);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        _bulk.Dispose();
        await _emulator.DisposeAsync();
    }

    /// <summary>Appends events to a new stream.</summary>
    public async Task<string> AppendAsync(params object[] events)
    {
        var id = Guid.NewGuid().ToString();
        await Source.Store.AppendAsync(id, CosmosEventStore.NoStream, events, new AppendContext("test"), Stop);
        return id;
    }

    /// <summary>Brings both views up to the events of streams, as their endpoints would.</summary>
    public async Task FollowAsync(params IEnumerable<string> streams)
    {
        foreach (var stream in streams)
        {
            foreach (var e in await Source.Store.ReadStreamAsync(stream, Stop))
            {
                await _live.ApplyAsync(View.Name, e, Stop);
                await _live.ApplyAsync(Purposes.Name, e, Stop);
            }
        }
    }

    public Rebuilder Rebuilder(IProgressDisplay? progress = null) => new(Containers, Source, TimeProvider.System, progress ?? new RecordedProgress())
    {
        EverybodyKnows = TimeSpan.FromMilliseconds(10),
        Settling = TimeSpan.FromMilliseconds(100),
        Bulk = Bulk,
    };

    public Task<VerifyResult> VerifyAsync(int maxStreams = 100_000) => new Verifier(Containers, Source, TimeProvider.System, new RecordedProgress())
    {
        Settling = TimeSpan.FromMilliseconds(100),
        MaxStreams = maxStreams,
    }.RunAsync([View, Purposes], Stop);
}
