using ChangeFeed.DeltaLake;
using ChangeFeed.EventStore;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.Options;
using Orders.Contracts;
using Orders.Hosting;

namespace Orders.Archive.Commands;

/// <summary>The event store that the environment names, or the embedded one.</summary>
internal sealed class StoreAccess : IDisposable
{
    private readonly CosmosClient _client;
    private readonly LeaseDatabase _leases;

    private StoreAccess(CosmosOptions options)
    {
        var settings = Options.Create(options);
        _client = CosmosClientFactory.Create(options, "archive");
        _leases = new LeaseDatabase(_client, settings, []);
        Database = new OrdersDatabase(_client, settings, [], _leases);
    }

    /// <summary>Its database; leases are where the services have them.</summary>
    public OrdersDatabase Database { get; }

    /// <exception cref="ArchiveCommandException">The environment names none.</exception>
    public static StoreAccess Open()
    {
        var configuration = new ConfigurationBuilder().AddEnvironmentVariables().Build();
        var options = new CosmosOptions();
        configuration.GetSection(CosmosOptions.Section).Bind(options);
        options.ConnectionString = configuration.GetConnectionString("cosmos") is { Length: > 0 } given ? given : CosmosSettings.EmbeddedStore;
        return CosmosSettings.ConnectionProblem(options.ConnectionString) is { } problem
            ? throw new ArchiveCommandException($"ConnectionStrings:cosmos {problem}")
            : new StoreAccess(options);
    }

    /// <summary>The event store, which reads in the archive what has left.</summary>
    public CosmosEventStore Reading(DeltaTable table) =>
        new(Database.Events, OrderEvents.Map, TimeProvider.System, new ArchivedStreams(table, OrderEvents.Map));

    public void Dispose()
    {
        _leases.Dispose();
        _client.Dispose();
    }
}
