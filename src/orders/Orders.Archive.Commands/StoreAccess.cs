using ChangeFeed.DeltaLake;
using ChangeFeed.EventStore;
using Microsoft.Azure.Cosmos;
using Orders.Contracts;
using Orders.Hosting;

namespace Orders.Archive.Commands;

/// <summary>The event store that the environment names, or the embedded one.</summary>
internal sealed class StoreAccess : IDisposable
{
    private readonly CosmosClient _client;
    private readonly string _database;

    private StoreAccess(CosmosOptions options) => (_client, _database) = (CosmosClientFactory.Create(options, "archive"), options.Database);

    public Container Events => Get(HostingContainers.Events);

    public Container Leases => Get(HostingContainers.Leases);

    public Container Controls => Get(HostingContainers.Controls);

    public Container DeadLetters => Get(HostingContainers.DeadLetters);

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
    public CosmosEventStore Reading(DeltaTable table) => new(Events, OrderEvents.Map, TimeProvider.System, new ArchivedStreams(table, OrderEvents.Map));

    public void Dispose() => _client.Dispose();

    private Container Get(ContainerDefinition definition) => _client.GetContainer(_database, definition.Name);
}
