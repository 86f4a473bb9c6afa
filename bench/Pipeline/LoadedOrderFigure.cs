using Bench.Harness;

namespace Bench.Pipeline;

/// <summary>Orders per second with 64 of them under way at any time, and how long each takes then.</summary>
internal sealed class LoadedOrderFigure : IFigure<PipelineSetup>
{
    private const int InFlight = 64;

    private static readonly string Figure = $"orders, {InFlight} under way";

    public string Name => "load";

    public async Task<IReadOnlyList<Measurement>> RunAsync(PipelineSetup setup, CancellationToken stop)
    {
        await Rounds.RunAsync(setup.Both, 1, p => LoadRound.MeasureAsync(p, InFlight, 2, stop), stop);
        var series = await Rounds.RunAsync(setup.Both, setup.Options.Quick ? 2 : 5, p => LoadRound.MeasureAsync(p, InFlight, 4, stop), stop);
        var rate = series.Ratio(setup.Subject, setup.Floor, r => r.PerSecond);
        var tail = series.Ratio(setup.Subject, setup.Floor, r => r.Durations.P99);
        return
        [
            Row(setup.Floor, series),
            Row(setup.Subject, series) with { Ratio = rate, RatioTo = "bare chain", Goal = Goal.AtLeast(rate, 0.4, "× bare chain", 0.6) },
            new Measurement($"  p99", setup.Subject.Name) { Ratio = tail, RatioTo = "bare chain", Goal = Goal.AtMost(tail, 5, "× bare chain") },
            .. setup.Both.SelectMany(pipeline => OrderCost.Processor(pipeline, series.Of(pipeline))),
            .. setup.Both.SelectMany(pipeline => OrderCost.Requests(pipeline, series.Of(pipeline))),
        ];
    }

    private static Measurement Row(IOrderPipeline pipeline, Series<LoadRound> series)
    {
        var all = new Samples();
        foreach (var round in series.Of(pipeline))
            all.AddRange(round.Durations);
        return Measurement.Of(Figure, pipeline.Name, all) with { PerSecond = Samples.Median(series.Of(pipeline).Select(r => r.PerSecond)) };
    }
}
