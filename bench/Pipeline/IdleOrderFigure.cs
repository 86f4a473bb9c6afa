using System.Diagnostics;
using Bench.Harness;

namespace Bench.Pipeline;

/// <summary>One order at a time, with nothing else going on: from the first call to completed, and where that time goes.</summary>
internal sealed class IdleOrderFigure : IFigure<PipelineSetup>
{
    private const string Figure = "order, alone";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    public string Name => "idle";

    public async Task<IReadOnlyList<Measurement>> RunAsync(PipelineSetup setup, CancellationToken stop)
    {
        await Rounds.RunAsync(setup.Both, 1, p => MeasureAsync(p, 30), stop);
        var series = await Rounds.RunAsync(setup.Both, setup.Options.Quick ? 5 : 15, p => MeasureAsync(p, 15), stop);
        var ratio = series.Ratio(setup.Subject, setup.Floor, r => r.Total.P50);
        return
        [
            Measurement.Of(Figure, setup.Floor.Name, Join(series.Of(setup.Floor).Select(r => r.Total))),
            .. await StepsAsync(setup.Floor, series.Of(setup.Floor)),
            Measurement.Of(Figure, setup.Subject.Name, Join(series.Of(setup.Subject).Select(r => r.Total))) with
            {
                Ratio = ratio, RatioTo = "bare chain", Goal = Goal.AtMost(ratio, 3, "× bare chain", 2),
            },
            .. await StepsAsync(setup.Subject, series.Of(setup.Subject)),
        ];
    }

    private static async Task<Round> MeasureAsync(IOrderPipeline pipeline, int orders)
    {
        var round = new Round(new Samples(), []);
        var begin = Stopwatch.GetTimestamp();
        for (var i = 0; i < orders && Stopwatch.GetElapsedTime(begin) < 2 * Rounds.MostPerTurn; i++)
        {
            await Task.Delay(Pause);
            var startedAt = TimeProvider.System.GetUtcNow();
            var start = Stopwatch.GetTimestamp();
            var (orderId, completed) = await pipeline.RunOrderAsync();
            round.Total.AddTicks(completed - start);
            round.Orders.Add(new Order(orderId, startedAt, startedAt + Stopwatch.GetElapsedTime(start, completed)));
        }

        return round;
    }

    /// <summary>
    /// From one decision to the next: the append of the first, the way through the feed, dispatch and decision of the second.
    /// All processes read the same clock.
    /// </summary>
    private static async Task<List<Measurement>> StepsAsync(IOrderPipeline pipeline, IReadOnlyList<Round> rounds)
    {
        var steps = new List<(string Name, Samples Samples)>();
        foreach (var order in rounds.SelectMany(r => r.Orders))
        {
            var times = await pipeline.ReadTimesAsync(order.Id);
            EventTime[] all = [new("call", order.Called), .. times, new("seen completed", order.Completed)];
            for (var i = 1; i < all.Length; i++)
            {
                if (steps.Count < i)
                    steps.Add(($"  {all[i - 1].Type} → {all[i].Type}", new Samples()));
                steps[i - 1].Samples.Add((all[i].At - all[i - 1].At).TotalMicroseconds);
            }
        }

        return steps.ConvertAll(s => Measurement.Of(s.Name, pipeline.Name, s.Samples));
    }

    private static Samples Join(IEnumerable<Samples> rounds)
    {
        var all = new Samples();
        foreach (var round in rounds)
            all.AddRange(round);
        return all;
    }

    private sealed record Round(Samples Total, List<Order> Orders);

    private sealed record Order(string Id, DateTimeOffset Called, DateTimeOffset Completed);
}
