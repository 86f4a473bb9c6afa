using ChangeFeed.MassTransit.Tests.Processor;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.Hosting;

namespace ChangeFeed.MassTransit.Tests.Legs;

/// <summary>Instances of an endpoint whose events move while it reads them.</summary>
public abstract class LegTest(Store store, OtherStore otherStore) : IClassFixture<OtherStore>, IAsyncLifetime
{
    private readonly List<CosmosClient> _clients = [];

    private protected Seen Seen { get; } = new();

    private protected Feed Feed { get; private set; } = null!;

    private protected Move Move { get; private set; } = null!;

    private protected Store Store => store;

    private protected static string[] Streams { get; } = [.. Enumerable.Range(0, 12).Select(i => $"s{i}")];

    public async ValueTask InitializeAsync()
    {
        Feed = await Feed.CreateAsync(store);
        var client = otherStore.CreateClient();
        _clients.Add(client);
        Database database = await client.CreateDatabaseIfNotExistsAsync("test");
        Container there = await database.CreateContainerAsync(
            new ContainerProperties("c" + Guid.NewGuid().ToString("N"), new List<string> { "/tenant", "/streamId" }));
        Move = new Move(Feed.Events, there);
    }

    /// <summary>An instance in a process of its own, and what it knows of the move.</summary>
    private protected async Task<Instance> StartAsync(
        Action<ChangeFeedConfigurator>? feed = null, (Wire One, Wire Other)? wires = null, Action<IDictionary<string, string?>>? settings = null,
        Func<FeedRoute, FeedRoute>? learn = null)
    {
        var (one, other) = (store.CreateClient(Handlers(wires?.One)), otherStore.CreateClient(Handlers(wires?.Other)));
        _clients.AddRange([one, other]);
        var route = new KnownRoute(Move, one, other);
        if (learn is not null)
            route.Learn(learn);
        var host = await Feed.StartAsync(
            Seen,
            endpoint =>
            {
                endpoint.AddConsumer<SeenConsumer>();
                if (feed is null)
                    endpoint.OnFailure = FailurePolicy.Block;
            },
            f =>
            {
                f.Source(IFeedRoute (_) => route, _ => one.GetContainer(Feed.Leases.Database.Id, Feed.Leases.Id));
                feed?.Invoke(f);
            },
            values =>
            {
                values["ChangeFeed:ControlInterval"] = "00:00:00.200";
                values["ChangeFeed:PageSize"] = "10";
                settings?.Invoke(values);
            },
            one);
        return new Instance(host, route);

        static RequestHandler[] Handlers(Wire? wire) => wire is null ? [new ChangeFeedRequestHandler()] : [new ChangeFeedRequestHandler(), wire];
    }

    /// <summary>Some instances, each with its share.</summary>
    private protected async Task<IReadOnlyList<Instance>> StartAsync(int instances)
    {
        var started = new List<Instance>();
        while (started.Count < instances)
        {
            started.Add(await StartAsync());
            await Eventually.UntilAsync(
                async () => (await ProcessorTests.OwnersAsync(Feed)).GroupBy(o => o).Select(g => g.Count()).Order().SequenceEqual(
                    Enumerable.Repeat(4 / started.Count, started.Count)), $"the leases are shared among {started.Count}");
        }

        return started;
    }

    /// <summary>Moves, and tells some instances.</summary>
    private protected async Task SwitchAsync(params IEnumerable<Instance> told)
    {
        await Move.SwitchAsync();
        foreach (var instance in told)
            instance.Route.Learn();
    }

    private protected Task AllSeenAsync() =>
        Eventually.UntilAsync(() => Move.Written.All(w => Seen.Has(w.Stream, w.Version)), "all events are handled", TimeSpan.FromSeconds(30));

    /// <summary>Every event was handled in the order of its stream, and once; again where a lease went to another instance uncheckpointed.</summary>
    private protected void ShouldHaveSeenEachInOrder(int instances = 1)
    {
        foreach (var stream in Move.Streams)
            (instances == 1 ? Seen.VersionsOf(stream) : Seen.VersionsOf(stream).Distinct())
                .ShouldBe(Move.Written.Where(w => w.Stream == stream).Select(w => (long)w.Version), stream);
    }

    /// <summary>Fails an event that comes before one of its own stream was handled.</summary>
    private protected void CheckOrder(Action<string> fail) => Seen.Before = (e, _) =>
    {
        if (e.Version > 0 && !Seen.Has(e.StreamId, e.Version - 1))
            fail($"{e.StreamId}/{e.Version} came before the one before it");
        return Task.CompletedTask;
    };

    public async ValueTask DisposeAsync()
    {
        await Feed.DisposeAsync();
        foreach (var client in _clients)
            client.Dispose();
        GC.SuppressFinalize(this);
    }

    internal sealed record Instance(IHost Host, KnownRoute Route);
}
