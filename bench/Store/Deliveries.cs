using Bench.Harness;
using Bench.Subjects;

namespace Bench.Store;

/// <summary>The same delivery on every subject: a processor with long poll, or LISTEN/NOTIFY.</summary>
internal sealed class Deliveries : IAsyncDisposable
{
    private Deliveries(Delivery floor, Delivery subject, Delivery? postgres) => (Floor, Subject, Postgres) = (floor, subject, postgres);

    public Delivery Floor { get; }

    public Delivery Subject { get; }

    public Delivery? Postgres { get; }

    public IReadOnlyList<Delivery> All => Postgres is null ? [Floor, Subject] : [Floor, Subject, Postgres];

    public static async Task<Deliveries> StartAsync(StoreSetup setup, string container, CancellationToken stop) => new(
        await OfCosmosAsync(setup.Floor, container, stop),
        await OfCosmosAsync(setup.Subject, container, stop),
        setup.Postgres is null ? null : await Delivery.OfAsync(
            new PostgresWriter(setup.Postgres.Source, notifies: true),
            async arrived => await PostgresListener.StartAsync(setup.Postgres.Source, arrived)));

    public async ValueTask DisposeAsync()
    {
        foreach (var delivery in All)
            await delivery.DisposeAsync();
    }

    private static async Task<Delivery> OfCosmosAsync(CosmosSubject subject, string container, CancellationToken stop) => await Delivery.OfAsync(
        new CosmosWriter(subject.Name, await CosmosAccount.CreateContainerAsync(subject.Client, container, stop: stop)),
        async arrived => await FeedReader.StartAsync(
            subject.Endpoint.Address, CosmosAccount.Database, container, StoreSetup.Leases, $"{container}:",
            (page, at) =>
            {
                foreach (var place in BenchEvent.ReadPlaces(page))
                    arrived(place.StreamId, at);
                return Task.CompletedTask;
            }));
}
