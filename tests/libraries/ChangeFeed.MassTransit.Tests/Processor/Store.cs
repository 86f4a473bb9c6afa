using ChangeFeed.Emulator;
using ChangeFeed.MassTransit.Tests.Processor;
using Microsoft.Azure.Cosmos;

[assembly: AssemblyFixture(typeof(Store))]

namespace ChangeFeed.MassTransit.Tests.Processor;

/// <summary>An embedded store, shared by the tests of this assembly.</summary>
public sealed class Store : IAsyncLifetime
{
    private EmulatorHost _emulator = null!;

    private EmulatorHost _small = null!;
    private CosmosClient _smallClient = null!;

    public CosmosClient Client { get; private set; } = null!;

    /// <summary>A second store whose containers have one physical partition, as small ones have in a real account.</summary>
    public Database Small { get; private set; } = null!;

    public Database Database { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _emulator = await EmulatorHost.StartAsync(new EmulatorOptions { Port = 0, InMemory = true, Partitions = 4 });
        Client = CreateClient(new ChangeFeedRequestHandler(TimeSpan.FromSeconds(20)));
        Database = await Client.CreateDatabaseIfNotExistsAsync("test");
        _small = await EmulatorHost.StartAsync(new EmulatorOptions { Port = 0, InMemory = true, Partitions = 1 });
        _smallClient = CreateSmallClient();
        Small = await _smallClient.CreateDatabaseIfNotExistsAsync("test");
    }

    /// <summary>Another client of the same store, as another process would have.</summary>
    public CosmosClient CreateClient(params RequestHandler[] handlers) => CreateClient(_emulator, handlers);

    /// <summary>Another client of the small store.</summary>
    public CosmosClient CreateSmallClient(params RequestHandler[] handlers) => CreateClient(_small, handlers);

    internal static CosmosClient CreateClient(EmulatorHost emulator, RequestHandler[] handlers)
    {
        var options = new CosmosClientOptions
        {
            ConnectionMode = ConnectionMode.Gateway,
            UseSystemTextJsonSerializerWithOptions = new System.Text.Json.JsonSerializerOptions(System.Text.Json.JsonSerializerDefaults.Web),
        };
        RequestHandler[] ofLeases =
        [
            new LeaseCheckpointHandler(), new LeaseQueryPlanHandler(), new SharedLeaseQueries(TimeSpan.FromMilliseconds(150), TimeProvider.System),
        ];
        foreach (var handler in handlers.Concat(ofLeases))
            options.CustomHandlers.Add(handler);
        return new CosmosClient(emulator.ConnectionString, options);
    }

    /// <summary>A container of its own for one test.</summary>
    public async Task<Container> CreateContainerAsync(string partitionKey, int? ttl = null, bool small = false)
    {
        var properties = new ContainerProperties("c" + Guid.NewGuid().ToString("N"), partitionKey) { DefaultTimeToLive = ttl };
        if (small)
            properties.IndexingPolicy.ExcludedPaths.Add(new ExcludedPath { Path = "/*" });
        return await (small ? Small : Database).CreateContainerAsync(properties);
    }

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        _smallClient?.Dispose();
        if (_emulator is not null)
            await _emulator.DisposeAsync();
        if (_small is not null)
            await _small.DisposeAsync();
    }
}
