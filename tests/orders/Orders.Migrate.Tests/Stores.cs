using ChangeFeed.Emulator;
using ChangeFeed.Migration;
using Microsoft.Azure.Cosmos;

namespace Orders.Migrate.Tests;

/// <summary>Two embedded stores, and the command that moves containers between them.</summary>
public sealed class Stores : IAsyncLifetime
{
    private readonly Dictionary<string, EmulatorHost> _stores = [];

    public const string Name = "events";

    public static ContainerLocation Old { get; } = new("cosmos", "orders", Name);

    public static ContainerLocation New { get; } = new("target", "orders", Name);

    public static CancellationToken Stop => TestContext.Current.CancellationToken;

    public AccountClients Accounts { get; private set; } = null!;

    public Container Documents => Accounts.Container(Old with { Container = "migrations" });

    public async ValueTask InitializeAsync()
    {
        foreach (var name in (string[])["cosmos", "target"])
            _stores[name] = await EmulatorHost.StartAsync(new EmulatorOptions { Port = 0, InMemory = true, Partitions = 4 });
        Accounts = Connect();
        using var client = Client("cosmos");
        Database database = await client.CreateDatabaseIfNotExistsAsync(Old.Database);
        await database.CreateContainerIfNotExistsAsync(new ContainerProperties(Name, "/streamId")
        {
            ChangeFeedPolicy = new() { FullFidelityRetention = TimeSpan.FromMinutes(10) },
        });
    }

    public async ValueTask DisposeAsync()
    {
        Accounts.Dispose();
        foreach (var store in _stores.Values)
            await store.DisposeAsync();
    }

    /// <summary>Clients of their own: another process, as far as sessions go.</summary>
    public AccountClients Connect() => new(_stores.Keys, (name, sessions) => Client(name, sessions));

    /// <summary>The command, which knows both.</summary>
    public CommandProcess Migrate => new("migrate", _stores.Select(store => ($"ConnectionStrings__{store.Key}", store.Value.ConnectionString)));

    private CosmosClient Client(string name, params RequestHandler[] handlers)
    {
        var options = new CosmosClientOptions { ConnectionMode = ConnectionMode.Gateway };
        foreach (var handler in handlers)
            options.CustomHandlers.Add(handler);
        return new CosmosClient(_stores[name].ConnectionString, options);
    }
}
