using System.Text.Json.Nodes;
using ChangeFeed.Emulator;
using ChangeFeed.EventStore.Cosmos;
using ChangeFeed.Migration.Directed;
using ChangeFeed.Migration.Fencing;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.Migration.Tests.Support;

/// <summary>Two accounts, each an embedded store, and the documents of migrations in the first.</summary>
public sealed class TwoStores : IAsyncLifetime
{
    private readonly Dictionary<string, EmulatorHost> _stores = [];

    public AccountClients Accounts { get; private set; } = null!;

    public Container Documents { get; private set; } = null!;

    /// <summary>Short, so that a test that waits one out is quick.</summary>
    public static EpochOptions Epochs { get; } = new()
    {
        Validity = TimeSpan.FromSeconds(2),
        WatchInterval = TimeSpan.FromMilliseconds(10),
        ClosingLimit = TimeSpan.FromSeconds(4),
    };

    public static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        foreach (var name in (string[])["one", "two"])
            _stores[name] = await EmulatorHost.StartAsync(new EmulatorOptions { Port = 0, InMemory = true, Partitions = 4 });
        Accounts = Connect();
        Database database = await Accounts.Client(Old("x")).CreateDatabaseIfNotExistsAsync("shop");
        Documents = await database.CreateContainerIfNotExistsAsync(new ContainerProperties("migrations", "/migration") { DefaultTimeToLive = -1 });
    }

    public async ValueTask DisposeAsync()
    {
        Accounts.Dispose();
        foreach (var store in _stores.Values)
            await store.DisposeAsync();
    }

    /// <summary>Clients of their own: another process, as far as sessions and leases go.</summary>
    public AccountClients Connect(params Func<string, RequestHandler>[] handlers) => new(_stores.Keys, (name, sessions) =>
    {
        var options = new CosmosClientOptions { ConnectionMode = ConnectionMode.Gateway, CustomHandlers = { sessions } };
        foreach (var handler in handlers)
            options.CustomHandlers.Add(handler(name));
        return new CosmosClient(_stores[name].ConnectionString, options);
    });

    public static ContainerLocation Old(string container) => new("one", "shop", container);

    public static ContainerLocation New(string container) => new("two", "shop2", container);

    /// <summary>A container of baskets, by customer.</summary>
    public async Task<string> NewContainerAsync(Action<ContainerProperties>? change = null)
    {
        var properties = new ContainerProperties($"c-{Guid.NewGuid():N}", "/customer")
        {
            DefaultTimeToLive = -1,
            ChangeFeedPolicy = new() { FullFidelityRetention = TimeSpan.FromMinutes(10) },
        };
        change?.Invoke(properties);
        await Accounts.Client(Old("x")).GetDatabase("shop").CreateContainerAsync(properties);
        return properties.Id;
    }

    public ContainerMigration Migration(string container, AccountClients? accounts = null) => new(
        Documents, container, accounts ?? Accounts, new Transformations(new ByTenant(), new Soft()), TimeProvider.System, Epochs)
    {
        Settling = TimeSpan.FromSeconds(2),
    };

    /// <summary>The container that serves, for a process that is a member and knows the old one.</summary>
    public static DirectedContainer Directed(string container, EpochMember member, AccountClients accounts, string partitionKey = "/customer") =>
        new(member, accounts, Old(container), [partitionKey], new Transformations(new ByTenant(), new Soft()));

    /// <summary>A migration to a hierarchical key on the second store.</summary>
    public static MigrationRequest ToTenants(string container) =>
        new(Old(container), New(container), ["/tenant", "/customer"]) { Transformation = "tenant" };

    public Container OldOf(string container) => Accounts.Container(Old(container));

    public Container NewOf(string container) => Accounts.Container(New(container));

    public static async Task<List<JsonObject>> AllAsync(Container container) => await container.QueryAsync(
        new QueryDefinition("SELECT * FROM c WHERE NOT IS_DEFINED(c._migration.deleted)"), document => JsonObject.Create(document.Clone())!,
        cancellationToken: Stop);

    public static Task<ItemResponse<Basket>> PutAsync(Container container, string customer, int number, int items = 1, int? ttl = null) =>
        container.UpsertItemAsync(new Basket($"{number}", customer, items, ttl), new PartitionKey(customer), cancellationToken: Stop);
}
