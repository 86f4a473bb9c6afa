using System.Diagnostics;
using Bench.Harness;
using Bench.Subjects;

namespace Bench.Store;

/// <summary>
/// One event at a time, with nothing else going on: how long after the call that writes it does the handler of an unmodified change feed
/// processor have it, and how much of that is the write itself.
/// </summary>
internal sealed class DeliveryIdleFigure : IFigure<StoreSetup>
{
    private const string Figure = "call → handler, idle";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    public string Name => "feed-idle";

    public async Task<IReadOnlyList<Measurement>> RunAsync(StoreSetup setup, CancellationToken stop)
    {
        await using var deliveries = await Deliveries.StartAsync(setup, "feed-idle", stop);
        var all = deliveries.All;
        await Rounds.RunAsync(all, 2, d => MeasureAsync(d, 60), stop);
        var series = await Rounds.RunAsync(all, setup.Options.Quick ? 5 : 15, d => MeasureAsync(d, 20), stop);

        var rows = new List<Measurement>();
        foreach (var delivery in all)
        {
            var writes = All(series.Of(delivery), r => r.Write);
            var ratio = Samples.Median(series.Of(delivery).Select(r => r.Total.P50 / r.Write.P50));
            rows.Add(Measurement.Of("  of it the write", delivery.Name, writes));
            rows.Add(Measurement.Of(Figure, delivery.Name, All(series.Of(delivery), r => r.Total)) with
            {
                Ratio = ratio,
                RatioTo = "its write",
                Goal = delivery == deliveries.Subject ? Goal.AtMost(ratio, 1.3, "× its write") : null,
            });
        }

        rows.AddRange(all.Select(d => Measurement.Of("answer → handler, idle", d.Name, All(series.Of(d), r => r.AfterAnswer))));
        var toFloor = series.Ratio(deliveries.Subject, deliveries.Floor, r => r.Total.P50);
        rows.Add(new Measurement(Figure, deliveries.Subject.Name) { Ratio = toFloor, RatioTo = "stub" });
        if (deliveries.Postgres is not { } postgres)
            return [.. rows, Measurement.Skipped(Figure, "PostgreSQL", setup.PostgresReason)];
        var toPostgres = series.Ratio(deliveries.Subject, postgres, r => r.Total.P50);
        rows.Add(new Measurement(Figure, deliveries.Subject.Name)
        {
            Ratio = toPostgres,
            RatioTo = "NOTIFY",
            Goal = Goal.AtMost(toPostgres, 1, "× NOTIFY", 0.75),
        });
        return rows;
    }

    private static async Task<Round> MeasureAsync(Delivery delivery, int events)
    {
        var round = new Round(new Samples(), new Samples(), new Samples());
        var begin = Stopwatch.GetTimestamp();
        for (var i = 0; i < events && Stopwatch.GetElapsedTime(begin) < Rounds.MostPerTurn; i++)
        {
            await Task.Delay(Pause);
            var tracked = await delivery.WriteAsync();
            var handled = await tracked.Handled;
            round.Write.AddTicks(tracked.Written - tracked.Called);
            round.Total.AddTicks(handled - tracked.Called);
            round.AfterAnswer.AddTicks(handled - tracked.Written);
        }

        return round;
    }

    private static Samples All(IEnumerable<Round> rounds, Func<Round, Samples> which)
    {
        var all = new Samples();
        foreach (var round in rounds)
            all.AddRange(which(round));
        return all;
    }

    private sealed record Round(Samples Write, Samples Total, Samples AfterAnswer);
}
