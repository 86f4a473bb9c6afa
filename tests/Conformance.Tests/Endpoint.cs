using Microsoft.Azure.Cosmos;
using OrderPipeline.Emulator;

[assembly: AssemblyFixture(typeof(OrderPipeline.Conformance.Tests.Endpoint))]

namespace OrderPipeline.Conformance.Tests;

/// <summary>One endpoint and one client for all tests; each test has containers of its own.</summary>
public sealed class Endpoint : IAsyncLifetime
{
    EmulatorHost host = null!;

    public CosmosClient Client { get; private set; } = null!;

    public Database Database { get; private set; } = null!;

    public string ConnectionString => host.ConnectionString;

    public async ValueTask InitializeAsync()
    {
        host = await EmulatorHost.StartAsync(new() { Port = 0, InMemory = true });
        Client = Connect(host.ConnectionString);
        Database = await Client.CreateDatabaseIfNotExistsAsync("conformance");
    }

    public static CosmosClient Connect(string connectionString, Action<CosmosClientOptions>? change = null)
    {
        var options = new CosmosClientOptions { ConnectionMode = ConnectionMode.Gateway, LimitToEndpoint = true };
        change?.Invoke(options);
        return new(connectionString, options);
    }

    public async Task<Container> NewContainer(string partitionKeyPath = "/pk", Action<ContainerProperties>? change = null)
    {
        var properties = new ContainerProperties($"c-{Guid.NewGuid():N}", partitionKeyPath);
        change?.Invoke(properties);
        return await Database.CreateContainerAsync(properties);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await host.DisposeAsync();
    }
}
