using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.Options;
using OrderPipeline.EventStore;

namespace OrderPipeline.ServiceDefaults;

/// <summary>The containers of the pipeline: the one place that names them.</summary>
public sealed class OrdersDatabase(CosmosClient client, IOptions<CosmosOptions> options)
{
    /// <summary>The event store, partition key <c>/streamId</c>.</summary>
    public Container Events => Get("events");

    /// <summary>Leases of all change-feed endpoints, told apart by their prefix.</summary>
    public Container Leases => Get("leases");

    /// <summary>View: one document per order.</summary>
    public Container OrderStatus => Get("order-status");

    /// <summary>View: the orders replicated under <c>/customerId</c>.</summary>
    public Container CustomerOrders => Get("customer-orders");

    /// <summary>Audit records, partition key <c>/period</c> (jurisdiction and month).</summary>
    public Container TaxAudit => Get("tax-audit");

    /// <summary>Parked and skipped events, partition key <c>/endpoint</c>.</summary>
    public Container DeadLetters => Get("dead-letters");

    /// <summary>Pause and resume, and how the instances stand; partition key <c>/endpoint</c>.</summary>
    public Container Controls => Get("controls");

    /// <summary>Who did what in customer care, and who looked at personal data; partition key <c>/subject</c>.</summary>
    public Container CareAudit => Get("care-audit");

    /// <summary>Reference data of customers.</summary>
    public Container Customers => Get("customers");

    /// <summary>What seals the personal data of each customer.</summary>
    public Container CustomerKeys => Get("customer-keys");

    /// <summary>How far erasures are, and what was deleted of them; partition key <c>/customerId</c>.</summary>
    public Container Erasures => Get("erasures");

    /// <summary>Reference data of products.</summary>
    public Container Products => Get("products");

    /// <summary>Which versions of the views there are, and how far rebuilds are; partition key <c>/view</c>.</summary>
    public Container Views => Get("views");

    /// <summary>A version of a view: the first has the view's name, later ones are made by rebuilding.</summary>
    public Container View(string view, int version) => Get(version == 1 ? view : $"{view}-v{version}");

    /// <summary>
    /// Every container with its partition key and default time to live (-1: only documents that carry their own), and whether the store is
    /// asked to keep versions and deletes.
    /// </summary>
    private static readonly (string Name, string PartitionKey, int? Ttl, bool Versions)[] Containers =
    [
        ("events", EventDocument.PartitionKeyPath, null, false),
        // Without a default the 30 s ttl of the processor's initialisation lock is ignored, and a crash while holding it blocks every instance.
        ("leases", "/id", -1, false),
        ("order-status", "/id", -1, true),
        ("customer-orders", "/customerId", -1, true),
        ("tax-audit", "/period", null, false),
        ("dead-letters", "/endpoint", -1, false),
        ("controls", "/endpoint", -1, false),
        ("care-audit", "/subject", null, false),
        ("customers", "/id", -1, false),
        ("customer-keys", "/id", null, false),
        ("erasures", "/customerId", null, false),
        ("products", "/id", -1, false),
        ("views", "/view", -1, false),
        ("statistics", "/window", -1, false),
        ("search", "/term", -1, false),
    ];

    private Container Get(string name) => client.GetContainer(options.Value.Database, name);

    /// <summary>Creates what is missing. Safe to run in many processes at once.</summary>
    public async Task CreateAsync(CancellationToken cancellationToken)
    {
        Database database = await client.CreateDatabaseIfNotExistsAsync(
            options.Value.Database, options.Value.Throughput, cancellationToken: cancellationToken);
        foreach (var (name, partitionKey, ttl, versions) in Containers)
            await CreateAsync(database, new ContainerProperties(name, partitionKey) { DefaultTimeToLive = ttl }, versions, cancellationToken);
    }

    /// <summary>Creates a container where it is missing.</summary>
    private async Task CreateAsync(Database database, ContainerProperties properties, bool versions, CancellationToken cancellationToken)
    {
        if (!versions || options.Value.VersionRetention is not { } retention)
        {
            await database.CreateContainerIfNotExistsAsync(properties, cancellationToken: cancellationToken);
            return;
        }

        properties.ChangeFeedPolicy = new ChangeFeedPolicy { FullFidelityRetention = retention };
        var response = await database.CreateContainerIfNotExistsAsync(properties, cancellationToken: cancellationToken);
        var there = response.Resource;
        if ((there.ChangeFeedPolicy?.FullFidelityRetention ?? TimeSpan.Zero) == retention)
            return;
        // It was there from before the setting.
        there.ChangeFeedPolicy = properties.ChangeFeedPolicy;
        await response.Container.ReplaceContainerAsync(there, cancellationToken: cancellationToken);
    }
}
