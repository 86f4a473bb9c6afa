using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.Options;
using ChangeFeed.EventStore;
using ChangeFeed.Projections.Versions;
using Orders.Contracts;

namespace ChangeFeed.ServiceDefaults;

/// <summary>The containers of the pipeline: the one place that names them.</summary>
public sealed class OrdersDatabase(CosmosClient client, IOptions<CosmosOptions> options)
{
    /// <summary>The event store, partition key <c>/streamId</c>.</summary>
    public Container Events => Get("events");

    /// <summary>Leases of all change-feed endpoints, told apart by their prefix.</summary>
    public Container Leases => Get("leases");

    /// <summary>View: one document per order.</summary>
    public Container OrderStatus => Get(ViewNames.OrderStatus);

    /// <summary>View: the orders replicated under <c>/customerId</c>.</summary>
    public Container CustomerOrders => Get(ViewNames.CustomerOrders);

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
    public Container View(string view, int version) => ViewDatabase.Version(view, version);

    /// <summary>The views, in all their versions.</summary>
    public ViewDatabase ViewDatabase { get; } = new(client.GetDatabase(options.Value.Database));

    /// <summary>
    /// Every container with its partition key and default time to live (-1: only documents that carry their own), whether the store is
    /// asked to keep versions and deletes, and whether it grows with the orders. One that does not has one physical partition in a real
    /// account, and is to have one in the embedded store: a query of all of it is one request then, and instances look at the leases all day.
    /// </summary>
    private static readonly (string Name, string PartitionKey, int? Ttl, bool Versions, bool Grows)[] Containers =
    [
        ("events", EventDocument.PartitionKeyPath, null, false, true),
        // Without a default the 30 s ttl of the processor's initialisation lock is ignored, and a crash while holding it blocks every instance.
        ("leases", "/id", -1, false, false),
        (ViewNames.OrderStatus, "/id", -1, true, true),
        (ViewNames.CustomerOrders, "/customerId", -1, true, true),
        ("tax-audit", "/period", null, false, true),
        ("dead-letters", "/endpoint", -1, false, false),
        ("controls", "/endpoint", -1, false, false),
        ("care-audit", "/subject", null, false, true),
        ("customers", "/id", -1, false, false),
        ("customer-keys", "/id", null, false, false),
        ("erasures", "/customerId", null, false, false),
        ("products", "/id", -1, false, false),
        ("views", "/view", -1, false, false),
        (ViewNames.Statistics, "/window", -1, false, true),
        (ViewNames.Search, "/term", -1, false, true),
    ];

    private Container Get(string name) => client.GetContainer(options.Value.Database, name);

    /// <summary>Creates what is missing. Safe to run in many processes at once.</summary>
    public async Task CreateAsync(CancellationToken cancellationToken)
    {
        Database database = await client.CreateDatabaseIfNotExistsAsync(
            options.Value.Database, options.Value.Throughput, cancellationToken: cancellationToken);
        foreach (var (name, partitionKey, ttl, versions, grows) in Containers)
            await CreateAsync(database, new ContainerProperties(name, partitionKey) { DefaultTimeToLive = ttl }, versions, grows ? null : OnePartition, cancellationToken);
    }

    private static RequestOptions OnePartition { get; } = new() { AddRequestHeaders = headers => headers.Add("x-ms-emulator-partitions", "1") };

    /// <summary>Creates a container where it is missing.</summary>
    private async Task CreateAsync(
        Database database, ContainerProperties properties, bool versions, RequestOptions? request, CancellationToken cancellationToken)
    {
        if (!versions || options.Value.VersionRetention is not { } retention)
        {
            await database.CreateContainerIfNotExistsAsync(properties, requestOptions: request, cancellationToken: cancellationToken);
            return;
        }

        properties.ChangeFeedPolicy = new ChangeFeedPolicy { FullFidelityRetention = retention };
        var response = await database.CreateContainerIfNotExistsAsync(properties, requestOptions: request, cancellationToken: cancellationToken);
        var there = response.Resource;
        if ((there.ChangeFeedPolicy?.FullFidelityRetention ?? TimeSpan.Zero) == retention)
            return;
        // It was there from before the setting.
        there.ChangeFeedPolicy = properties.ChangeFeedPolicy;
        await response.Container.ReplaceContainerAsync(there, cancellationToken: cancellationToken);
    }
}
