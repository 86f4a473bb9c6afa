using System.Globalization;
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
        await Rounds.RunAsync(setup.Both, 1, p => MeasureAsync(p, 2), stop);
        var series = await Rounds.RunAsync(setup.Both, setup.Options.Quick ? 2 : 5, p => MeasureAsync(p, 4), stop);
        var rate = series.Ratio(setup.Subject, setup.Floor, r => r.PerSecond);
        var tail = series.Ratio(setup.Subject, setup.Floor, r => r.Durations.P99);
        return
        [
            Row(setup.Floor, series),
            Row(setup.Subject, series) with { Ratio = rate, RatioTo = "bare chain", Goal = Goal.AtLeast(rate, 0.4, "× bare chain", 0.6) },
            new Measurement($"  p99", setup.Subject.Name) { Ratio = tail, RatioTo = "bare chain", Goal = Goal.AtMost(tail, 5, "× bare chain") },
            .. setup.Both.SelectMany(pipeline => Processor(pipeline, series)),
        ];
    }

    /// <summary>What an order costs, and where: with more work than processors, this is what its rate is made of.</summary>
    private static IEnumerable<Measurement> Processor(IOrderPipeline pipeline, Series<Round> series)
    {
        var rounds = series.Of(pipeline).ToList();
        var orders = rounds.Sum(round => round.Durations.Count);
        double PerOrder(int process) => rounds.Sum(round => round.Processor[process].TotalMilliseconds) / orders;
        yield return new Measurement("  processor time of an order", pipeline.Name) { Value = Text(pipeline.Processes.Select((_, i) => PerOrder(i)).Sum()) };
        for (var i = 0; i < pipeline.Processes.Count; i++)
            yield return new Measurement($"    {pipeline.Processes[i].Name}", pipeline.Name) { Value = Text(PerOrder(i)) };

        static string Text(double milliseconds) => string.Create(CultureInfo.InvariantCulture, $"{milliseconds:0.00} ms");
    }

    private static Measurement Row(IOrderPipeline pipeline, Series<Round> series)
    {
        var all = new Samples();
        foreach (var round in series.Of(pipeline))
            all.AddRange(round.Durations);
        return Measurement.Of(Figure, pipeline.Name, all) with { PerSecond = Samples.Median(series.Of(pipeline).Select(r => r.PerSecond)) };
    }

    private static async Task<Round> MeasureAsync(IOrderPipeline pipeline, double seconds)
    {
        var before = Processor();
        var (perSecond, durations) = await Rounds.LoadAsync(InFlight, TimeSpan.FromSeconds(seconds), pipeline.RunOrderAsync);
        return new Round(perSecond, durations, [.. Processor().Zip(before, (now, then) => now - then)]);

        List<TimeSpan> Processor() => [.. pipeline.Processes.Select(process => Machine.CpuOf(process.Pid))];
    }

    private sealed record Round(double PerSecond, Samples Durations, IReadOnlyList<TimeSpan> Processor);
}
