using ChangeFeed.MassTransit;
using ChangeFeed.Projections.Versions;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.Options;
using Orders.Hosting.Moving;

namespace Orders.Hosting;

/// <summary>The database of the pipeline.</summary>
/// <param name="client">The account.</param>
/// <param name="options">Name of the database, and how it is created.</param>
/// <param name="definitions">The containers this service owns or needs.</param>
/// <param name="leases">Where leases are; null for beside the events.</param>
/// <param name="directory">Says where the events are; null where they stay in this database.</param>
public sealed class OrdersDatabase(
    CosmosClient client,
    IOptions<CosmosOptions> options,
    IEnumerable<ContainerDefinition> definitions,
    LeaseDatabase? leases = null,
    EventsDirectory? directory = null) : IPreparedDatabase
{
    private readonly IReadOnlyList<ContainerDefinition> _definitions =
    [
        .. definitions.Distinct().Where(definition => leases is not { AreElsewhere: true } || definition != HostingContainers.Leases)
    ];

    /// <inheritdoc/>
    public string Name => options.Value.Database;

    /// <inheritdoc/>
    public string Setting => "ConnectionStrings:cosmos";

    /// <inheritdoc cref="HostingContainers.Events"/>
    public Container Events => directory?.Events ?? Get(HostingContainers.Events);

    /// <summary>Where their feed is read: in the container that serves, and what is left of the one that did.</summary>
    public IFeedRoute EventFeed => directory is null ? new FixedRoute(Events) : directory;

    /// <inheritdoc cref="HostingContainers.Leases"/>
    public Container Leases => leases is { AreElsewhere: true } ? leases.Leases : Get(HostingContainers.Leases);

    /// <inheritdoc cref="HostingContainers.DeadLetters"/>
    public Container DeadLetters => Get(HostingContainers.DeadLetters);

    /// <inheritdoc cref="HostingContainers.Controls"/>
    public Container Controls => Get(HostingContainers.Controls);

    /// <inheritdoc cref="HostingContainers.Timers"/>
    public Container Timers => Get(HostingContainers.Timers);

    /// <inheritdoc cref="HostingContainers.Views"/>
    public Container Views => Get(HostingContainers.Views);

    /// <summary>A version of a view: the first has the view's name, later ones are made by rebuilding.</summary>
    public Container View(string view, int version) => ViewDatabase.Version(view, version);

    /// <summary>The views, in all their versions.</summary>
    public ViewDatabase ViewDatabase { get; } = new(client.GetDatabase(options.Value.Database));

    /// <summary>A container by its definition.</summary>
    public Container Get(ContainerDefinition definition) => Get(definition.Name);

    /// <summary>Creates what is missing of the containers of this service. Safe to run in many processes at once.</summary>
    public async Task CreateAsync(CancellationToken cancellationToken)
    {
        Database database = await client.CreateDatabaseIfNotExistsAsync(
            options.Value.Database, options.Value.Throughput, cancellationToken: cancellationToken);
        foreach (var definition in _definitions)
            await CreateAsync(database, definition, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<string?> FindProblemAsync(CancellationToken cancellationToken) =>
        new StoreCheck(client.GetDatabase(options.Value.Database), _definitions).FindProblemAsync(cancellationToken);

    private static RequestOptions OnePartition { get; } = new() { AddRequestHeaders = headers => headers.Add("x-ms-emulator-partitions", "1") };

    private static IndexingPolicy Indexing(ContainerDefinition definition)
    {
        var policy = new IndexingPolicy { ExcludedPaths = { new ExcludedPath { Path = "/*" } } };
        foreach (var path in definition.Indexed)
            policy.IncludedPaths.Add(new IncludedPath { Path = path });
        return policy;
    }

    private Container Get(string name) => client.GetContainer(options.Value.Database, name);

    private async Task CreateAsync(Database database, ContainerDefinition definition, CancellationToken cancellationToken)
    {
        var properties = new ContainerProperties(definition.Name, definition.PartitionKey)
        {
            DefaultTimeToLive = definition.DefaultTtl,
            IndexingPolicy = Indexing(definition),
        };
        var request = definition.GrowsWithOrders ? null : OnePartition;
        if (!definition.KeepsVersions || options.Value.VersionRetention is not { } retention)
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
