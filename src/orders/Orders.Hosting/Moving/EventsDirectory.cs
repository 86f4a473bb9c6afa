using System.Text.Json;
using ChangeFeed.MassTransit;
using ChangeFeed.Migration;
using ChangeFeed.Migration.Directed;
using ChangeFeed.Migration.Fencing;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.Options;

namespace Orders.Hosting.Moving;

/// <summary>
/// The events as <see cref="CosmosOptions.Directory"/> says: in whichever container serves. This process is one member of the directory, however many
/// services are in it.
/// </summary>
public sealed class EventsDirectory : IPreparedDatabase, IFeedRoute, IAsyncDisposable
{
    private readonly AccountClients _accounts;
    private readonly ContainerLocation _documents;
    private readonly ContainerLocation _home;
    private readonly OrdersDatabase _database;
    private readonly EpochMember _member;
    private readonly DirectedContainer _events;
    private volatile string _migration = "";

    /// <summary>Becomes a member.</summary>
    /// <param name="options">The store, whose directory is followed.</param>
    /// <param name="connect">Makes the client of an account, with a handler requests must go through.</param>
    /// <param name="time">The time.</param>
    public EventsDirectory(CosmosOptions options, Func<CosmosOptions, RequestHandler, CosmosClient> connect, TimeProvider time)
    {
        _accounts = new AccountClients(options.Accounts.Keys, (name, sessions) => connect(options.Of(name), sessions));
        _home = new ContainerLocation(CosmosOptions.HomeAccount, options.Database, HostingContainers.Events.Name);
        var database = options.Directory.Database is { Length: > 0 } given ? given : $"{CosmosOptions.HomeAccount}/{options.Database}";
        _documents = ContainerLocation.Parse($"{database}/{HostingContainers.Migrations.Name}");
        var documents = _accounts.Container(_documents);
        _database = new OrdersDatabase(
            documents.Database.Client, Options.Create(new CosmosOptions { Database = _documents.Database, Throughput = options.Throughput }),
            [HostingContainers.Migrations]);
        _member = new EpochMember(
            documents, options.Directory.Entry, _accounts, time, new EpochOptions { Validity = options.Directory.Validity });
        _events = new DirectedContainer(
            _member, _accounts, _home, [HostingContainers.Events.PartitionKey], new Transformations(new StreamTenants()));
    }

    /// <inheritdoc/>
    public string Name => _documents.Database;

    /// <inheritdoc/>
    public string Setting => "Cosmos:Directory";

    /// <summary>The events, wherever they are.</summary>
    public Container Events => _events.Container;

    /// <summary>Why the directory cannot be asked at the moment; null while it can.</summary>
    public string? Problem => _member.Problem;

    /// <summary>Whether the events move: they are in two containers, and a switch may come.</summary>
    public async Task<bool> AreMovingAsync(CancellationToken cancellationToken) =>
        (await _events.RouteAsync(0, cancellationToken)).Former is not null;

    /// <inheritdoc/>
    public async Task CreateAsync(CancellationToken cancellationToken)
    {
        await _database.CreateAsync(cancellationToken);
        await _member.BeginAsync(_home, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<string?> FindProblemAsync(CancellationToken cancellationToken) => _database.FindProblemAsync(cancellationToken);

    /// <inheritdoc/>
    public async Task<FeedRoute> GetAsync(long after, CancellationToken cancellationToken)
    {
        var route = await _events.RouteAsync(after, cancellationToken);
        var name = route.Migration.Length == 0 ? "" : $"{_home.Container}-{route.Migration}";
        // Also before the first switch: who reads the first turn to its end after it meets what is carried back.
        Func<JsonElement, long?>? carriedIn = route.Former is null && route.Generation > 1 ? null : CarriedIn;
        _migration = carriedIn is null ? "" : route.Migration;
        return new FeedRoute(name, route.Generation, Leg(route.Serving), route.Former is { } former ? Leg(former) : null);

        FeedLeg Leg(DirectedSide side) => new(NameOf(side.Location), side.Container)
        {
            Since = side.Since,
            CarriedIn = carriedIn,
            Session = side.Session,
        };
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _member.DisposeAsync();
        _accounts.Dispose();
    }

    // By the migration as it is known when the document comes: readers of the first turn began before there was one.
    private long? CarriedIn(JsonElement document) => _migration is { Length: > 0 } migration ? CarriedDocument.CarriedIn(document, migration) : null;

    // What tells the side from home, as leases are called by it: the account, else the database, else the container.
    private string NameOf(ContainerLocation side) => side == _home ? "" : side.Account != _home.Account ? side.Account.ToLowerInvariant()
        : side.Database != _home.Database ? side.Database.ToLowerInvariant() : side.Container.ToLowerInvariant();
}
