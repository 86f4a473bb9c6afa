using ChangeFeed.Emulator.Testing;
using Microsoft.Azure.Cosmos;

namespace Shop.Tests;

/// <summary>A store for all tests of a class.</summary>
public sealed class Store : IAsyncLifetime
{
    public CosmosEmulator Cosmos { get; private set; } = null!;

    public CosmosClient Client { get; private set; } = null!;

    public Container Orders { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Cosmos = await CosmosEmulator.StartAsync();
        Client = Cosmos.CreateClient();
        Database shop = await Client.CreateDatabaseAsync("shop");
        Orders = await shop.CreateContainerAsync(new("orders", "/customer") { DefaultTimeToLive = -1 });
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Cosmos.DisposeAsync();
    }
}
