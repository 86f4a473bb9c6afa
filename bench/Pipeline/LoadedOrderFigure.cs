using System.Globalization;
using Bench.Harness;
using Bench.Subjects;

namespace Bench.Pipeline;

/// <summary>Orders per second with 64 of them under way at any time, and how long each takes then.</summary>
internal sealed class LoadedOrderFigure : IFigure<PipelineSetup>
{
    private const int InFlight = 64;
    private const double LeastShown = 0.05; // requests of an order

    private static readonly string Figure = $"orders, {InFlight} under way";

    public string Name => "load";

    public async Task<IReadOnlyList<Measurement>> RunAsync(PipelineSetup setup, CancellationToken stop)
    {
        await Rounds.RunAsync(setup.Both, 1, p => MeasureAsync(p, 2, stop), stop);
        var series = await Rounds.RunAsync(setup.Both, setup.Options.Quick ? 2 : 5, p => MeasureAsync(p, 4, stop), stop);
        var rate = series.Ratio(setup.Subject, setup.Floor, r => r.PerSecond);
        var tail = series.Ratio(setup.Subject, setup.Floor, r => r.Durations.P99);
        return
        [
            Row(setup.Floor, series),
            Row(setup.Subject, series) with { Ratio = rate, RatioTo = "bare chain", Goal = Goal.AtLeast(rate, 0.4, "× bare chain", 0.6) },
            new Measurement($"  p99", setup.Subject.Name) { Ratio = tail, RatioTo = "bare chain", Goal = Goal.AtMost(tail, 5, "× bare chain") },
            .. setup.Both.SelectMany(pipeline => Processor(pipeline, series)),
            .. setup.Both.SelectMany(pipeline => Requests(pipeline, series)),
        ];
    }

    /// <summary>What an order asks of the store, and what that would cost on an account, by the store's formula.</summary>
    private static IEnumerable<Measurement> Requests(IOrderPipeline pipeline, Series<Round> series)
    {
        var rounds = series.Of(pipeline).ToList();
        var orders = rounds.Sum(round => round.Durations.Count);
        var use = rounds.Select(round => round.Use).Aggregate((sum, next) => sum.And(next));
        yield return Row("  requests of an order", use.Requests, use.Units);
        foreach (var (container, operation, requests, units) in use.Counted.Where(counted => counted.Requests / orders >= LeastShown))
            yield return Row($"    {container}: {operation}", requests, units);

        Measurement Row(string what, double requests, double units) => new(what, pipeline.Name)
        {
            Value = string.Create(CultureInfo.InvariantCulture, $"{requests / orders:0.00}, {units / orders:0.0} RU"),
        };
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

    private static async Task<Round> MeasureAsync(IOrderPipeline pipeline, double seconds, CancellationToken stop)
    {
        var asked = await pipeline.ReadUseAsync(stop);
        var before = Processor();
        var (perSecond, durations) = await Rounds.LoadAsync(InFlight, TimeSpan.FromSeconds(seconds), pipeline.RunOrderAsync);
        List<TimeSpan> processor = [.. Processor().Zip(before, (now, then) => now - then)];
        return new Round(perSecond, durations, processor, (await pipeline.ReadUseAsync(stop)).Since(asked));

        List<TimeSpan> Processor() => [.. pipeline.Processes.Select(process => Machine.CpuOf(process.Pid))];
    }

    private sealed record Round(double PerSecond, Samples Durations, IReadOnlyList<TimeSpan> Processor, StoreUse Use);
}
