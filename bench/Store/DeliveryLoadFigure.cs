using System.Collections.Concurrent;
using Bench.Harness;
using Bench.Subjects;

namespace Bench.Store;

/// <summary>The same with 16 writers, each writing again as soon as it was answered: the handler must keep up with all the store takes.</summary>
internal sealed class DeliveryLoadFigure : IFigure<StoreSetup>
{
    private const int Writers = 16;
    private const string Figure = "call → handler, 16 writers";

    public string Name => "feed-load";

    public async Task<IReadOnlyList<Measurement>> RunAsync(StoreSetup setup, CancellationToken stop)
    {
        await using var deliveries = await Deliveries.StartAsync(setup, "feed-load", stop);
        var all = deliveries.All;
        await Rounds.RunAsync(all, 1, d => MeasureAsync(d, 2), stop);
        var series = await Rounds.RunAsync(all, setup.Options.Quick ? 2 : 4, d => MeasureAsync(d, 2), stop);

        var rows = all.Select(delivery =>
        {
            var total = new Samples();
            foreach (var round in series.Of(delivery))
                total.AddRange(round.Total);
            return Measurement.Of(Figure, delivery.Name, total) with
            {
                PerSecond = Samples.Median(series.Of(delivery).Select(r => r.PerSecond)),
                Ratio = delivery == deliveries.Floor ? null : series.Ratio(delivery, deliveries.Floor, r => r.Total.P50),
                RatioTo = "stub",
                Goal = delivery == deliveries.Subject ? Goal.AtMost(total.P99 / 1000, 50, " ms p99") : null,
            };
        }).ToList();
        if (deliveries.Postgres is null)
            rows.Add(Measurement.Skipped(Figure, "PostgreSQL", setup.PostgresReason));
        return rows;
    }

    private static async Task<Round> MeasureAsync(Delivery delivery, double seconds)
    {
        var written = new ConcurrentBag<Delivery.Tracked>();
        var (perSecond, _) = await Rounds.LoadAsync(Writers, TimeSpan.FromSeconds(seconds), async () => written.Add(await delivery.WriteAsync()));
        var total = new Samples();
        foreach (var tracked in written)
            total.AddTicks(await tracked.Handled - tracked.Called);
        return new Round(perSecond, total);
    }

    private sealed record Round(double PerSecond, Samples Total);
}
