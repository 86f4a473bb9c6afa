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

    /// <summary>Pause and resume, partition key <c>/endpoint</c>.</summary>
    public Container Controls => Get("controls");

    /// <summary>Reference data of customers.</summary>
    public Container Customers => Get("customers");

    /// <summary>Reference data of products.</summary>
    public Container Products => Get("products");

    /// <summary>Which versions of the views there are, and how far rebuilds are; partition key <c>/view</c>.</summary>
    public Container Views => Get("views");

    /// <summary>A version of a view: the first has the view's name, later ones are made by rebuilding.</summary>
    public Container View(string view, int version) => Get(version == 1 ? view : $"{view}-v{version}");

    /// <summary>Every container with its partition key and default time to live (-1: only documents that carry their own).</summary>
    private static readonly (string Name, string PartitionKey, int? Ttl)[] Containers =
    [
        ("events", EventDocument.PartitionKeyPath, null),
        // Without a default the 30 s ttl of the processor's initialisation lock is ignored, and a crash while holding it blocks every instance.
        ("leases", "/id", -1),
        ("order-status", "/id", -1),
        ("customer-orders", "/customerId", -1),
        ("tax-audit", "/period", null),
        ("dead-letters", "/endpoint", -1),
        ("controls", "/endpoint", null),
        ("customers", "/id", -1),
        ("products", "/id", -1),
        ("views", "/view", -1),
        ("statistics", "/window", -1),
    ];

    private Container Get(string name) => client.GetContainer(options.Value.Database, name);

    /// <summary>Creates what is missing. Safe to run in many processes at once.</summary>
    public async Task CreateAsync(CancellationToken cancellationToken)
    {
        Database database = await client.CreateDatabaseIfNotExistsAsync(
            options.Value.Database, options.Value.Throughput, cancellationToken: cancellationToken);
        foreach (var (name, partitionKey, ttl) in Containers)
            await database.CreateContainerIfNotExistsAsync(
                new ContainerProperties(name, partitionKey) { DefaultTimeToLive = ttl }, cancellationToken: cancellationToken);
    }
}
