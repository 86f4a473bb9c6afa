using ChangeFeed.DeltaLake;
using ChangeFeed.EventStore;
using ChangeFeed.MassTransit;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.Options;
using Orders.Contracts;
using Orders.Hosting;
using Orders.Hosting.Moving;

namespace Orders.Archive.Commands;

/// <summary>The event store that the environment names, or the embedded one.</summary>
internal sealed class StoreAccess : IAsyncDisposable
{
    private readonly CosmosClient _client;
    private readonly LeaseDatabase _leases;
    private readonly EventsDirectory? _directory;

    private StoreAccess(CosmosOptions options)
    {
        var settings = Options.Create(options);
        _client = CosmosClientFactory.Create(options, "archive");
        _leases = new LeaseDatabase(_client, settings, Options.Create(new ChangeFeedOptions()), [], TimeProvider.System);
        _directory = options.Directory.IsFollowed
            ? new EventsDirectory(options, (account, sessions) => CosmosClientFactory.Create(account, "archive", sessions), TimeProvider.System)
            : null;
        Database = new OrdersDatabase(_client, settings, [], _leases, _directory);
    }

    /// <summary>Its database; leases are where the services have them.</summary>
    public OrdersDatabase Database { get; }

    /// <exception cref="ArchiveCommandException">The environment names none.</exception>
    public static async Task<StoreAccess> OpenAsync(CancellationToken cancellationToken)
    {
        var options = new CosmosOptions();
        options.Read(new ConfigurationBuilder().AddEnvironmentVariables().Build(), CosmosSettings.EmbeddedStore);
        if ((options.FindAccountProblem() ?? options.FindDirectoryProblem()) is { } problem)
            throw new ArchiveCommandException(problem);
        var access = new StoreAccess(options);
        if (access._directory is { } directory)
            await directory.CreateAsync(cancellationToken);
        return access;
    }

    /// <summary>The event store, which reads in the archive what has left.</summary>
    public CosmosEventStore Reading(DeltaTable table) =>
        new(Database.Events, OrderEvents.Map, TimeProvider.System, new ArchivedStreams(table, OrderEvents.Map));

    /// <summary>Makes sure that the events stay where they are for as long as this lasts.</summary>
    /// <exception cref="ArchiveCommandException">They move.</exception>
    public async Task EnsureNotMovingAsync(CancellationToken cancellationToken)
    {
        if (_directory is not null && await _directory.AreMovingAsync(cancellationToken))
            throw new ArchiveCommandException(
                "The events are in two containers, and an endpoint may still read the one that does not serve: 'migrate release' first, then run again.");
    }

    public async ValueTask DisposeAsync()
    {
        if (_directory is not null)
            await _directory.DisposeAsync();
        _leases.Dispose();
        _client.Dispose();
    }
}
