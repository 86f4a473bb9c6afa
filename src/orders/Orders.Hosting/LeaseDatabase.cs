using ChangeFeed.MassTransit;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.Options;

namespace Orders.Hosting;

/// <summary>
/// The leases of change feed endpoints, where <see cref="CosmosOptions.Leases"/> says that they are not beside the events. A lease is read and
/// written all the time, and by its reader only: near it is where it costs least time, and a failover of the events does not touch it.
/// </summary>
public sealed class LeaseDatabase : IPreparedDatabase, IDisposable
{
    private readonly CosmosClient? _ownAccount;
    private readonly OrdersDatabase? _database;
    private readonly ContainerDefinition _definition;

    /// <summary>The database the settings name.</summary>
    public LeaseDatabase(
        CosmosClient account, IOptions<CosmosOptions> cosmos, IOptions<ChangeFeedOptions> feed, IEnumerable<ContainerDefinition> definitions, TimeProvider time)
    {
        var (here, there) = (cosmos.Value, cosmos.Value.Leases);
        var settings = new CosmosOptions
        {
            ConnectionString = there.ConnectionString.Length > 0 ? there.ConnectionString : here.ConnectionString,
            Database = there.Database.Length > 0 ? there.Database : here.Database,
            ConnectionMode = here.ConnectionMode,
            Regions = here.Regions,
            Throughput = here.Throughput,
        };
        (Name, AreElsewhere) = (settings.Database, there.AreElsewhere);
        Setting = there.ConnectionString.Length > 0 ? "Cosmos:Leases:ConnectionString" : "ConnectionStrings:cosmos";
        _definition = there.Container.Length > 0 ? HostingContainers.Leases with { Name = there.Container } : HostingContainers.Leases;
        if (!AreElsewhere)
            return;
        // What the rider needs of the client that owns the leases goes with them.
        if (there.ConnectionString.Length > 0)
            _ownAccount = CosmosClientFactory.Create(
                settings, account.ClientOptions.ApplicationName, new LeaseCheckpointHandler(), new LeaseQueryPlanHandler(),
                new SharedLeaseQueries(feed.Value.LeaseAcquireInterval / 2, time));
        _database = new OrdersDatabase(
            _ownAccount ?? account, Options.Create(settings), definitions.Contains(HostingContainers.Leases) ? [_definition] : []);
    }

    /// <summary>Whether the leases are elsewhere than beside the events.</summary>
    public bool AreElsewhere { get; }

    /// <summary>The container of the leases.</summary>
    /// <exception cref="InvalidOperationException">They are beside the events.</exception>
    public Container Leases => (_database ?? throw new InvalidOperationException("The leases are beside the events.")).Get(_definition);

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public string Setting { get; }

    /// <inheritdoc/>
    public Task CreateAsync(CancellationToken cancellationToken) => _database?.CreateAsync(cancellationToken) ?? Task.CompletedTask;

    /// <inheritdoc/>
    public Task<string?> FindProblemAsync(CancellationToken cancellationToken) =>
        _database?.FindProblemAsync(cancellationToken) ?? Task.FromResult<string?>(null);

    /// <inheritdoc/>
    public void Dispose() => _ownAccount?.Dispose();
}
