using Microsoft.Azure.Cosmos;
using OrderPipeline.ChangeFeed.Tests.Processor;
using OrderPipeline.Emulator;

[assembly: AssemblyFixture(typeof(Store))]

namespace OrderPipeline.ChangeFeed.Tests.Processor;

/// <summary>An embedded store, shared by the tests of this assembly.</summary>
public sealed class Store : IAsyncLifetime
{
    private EmulatorHost _emulator = null!;

    public CosmosClient Client { get; private set; } = null!;

    public Database Database { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _emulator = await EmulatorHost.StartAsync(new EmulatorOptions { Port = 0, InMemory = true });
        Client = CreateClient(new ChangeFeedRequestHandler(TimeSpan.FromSeconds(20)));
        Database = await Client.CreateDatabaseIfNotExistsAsync("test");
    }

    /// <summary>Another client of the same store, as another process would have.</summary>
    public CosmosClient CreateClient(params RequestHandler[] handlers)
    {
        var options = new CosmosClientOptions
        {
            ConnectionMode = ConnectionMode.Gateway,
            UseSystemTextJsonSerializerWithOptions = new System.Text.Json.JsonSerializerOptions(System.Text.Json.JsonSerializerDefaults.Web),
        };
        foreach (var handler in handlers)
            options.CustomHandlers.Add(handler);
        return new CosmosClient(_emulator.ConnectionString, options);
    }

    /// <summary>A container of its own for one test.</summary>
    public async Task<Container> CreateContainerAsync(string partitionKey, int? ttl = null) =>
        await Database.CreateContainerAsync(new ContainerProperties("c" + Guid.NewGuid().ToString("N"), partitionKey) { DefaultTimeToLive = ttl });

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        if (_emulator is not null)
            await _emulator.DisposeAsync();
    }
}
