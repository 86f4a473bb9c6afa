using System.Globalization;
using Bench.Harness;

namespace Bench.Pipeline.Peers;

/// <summary>64 orders under way: rate, time and processor time of an order, against the peer in one process.</summary>
internal sealed class PeersLoadFigure : IFigure<PeersSetup>
{
    private const int InFlight = 64;

    public string Name => "load";

    public async Task<IReadOnlyList<Measurement>> RunAsync(PeersSetup setup, CancellationToken stop)
    {
        await Rounds.RunAsync(setup.All, 1, p => LoadRound.MeasureAsync(p, InFlight, 2, stop), stop);
        var series = await Rounds.RunAsync(setup.All, setup.Options.Quick ? 2 : 6, p => LoadRound.MeasureAsync(p, InFlight, 5, stop), stop);
        return [.. setup.All.SelectMany(pipeline => Rows(setup, pipeline, series))];
    }

    private static IEnumerable<Measurement> Rows(PeersSetup setup, IOrderPipeline pipeline, Series<LoadRound> series)
    {
        var all = new Samples();
        foreach (var round in series.Of(pipeline))
            all.AddRange(round.Durations);
        var row = Measurement.Of($"orders, {InFlight} under way", pipeline.Name, all) with
        {
            PerSecond = Samples.Median(series.Of(pipeline).Select(r => r.PerSecond)),
        };
        var isOurs = setup.Ours.Contains(pipeline);
        if (!isOurs)
            yield return row;
        else
        {
            var rate = series.Ratio(pipeline, setup.Peer, r => r.PerSecond);
            var tail = series.Ratio(pipeline, setup.Peer, r => r.Durations.P99);
            yield return row with { Ratio = rate, RatioTo = setup.Peer.Name, Goal = Goal.AtLeast(rate, 1.2, "× peer") };
            yield return new Measurement("  p99", pipeline.Name) { Ratio = tail, RatioTo = setup.Peer.Name, Goal = Goal.AtMost(tail, 0.8, "× peer") };
        }

        foreach (var cost in OrderCost.Processor(pipeline, series.Of(pipeline)).Select((cost, i) => (cost, i)))
            yield return cost.i == 0 && isOurs
                ? cost.cost with { Goal = Goal.AtMost(OrderCost.Milliseconds(series.Of(pipeline)), 10, " ms") }
                : cost.cost;
        if (isOurs)
            yield return OrderCost.Requests(pipeline, series.Of(pipeline)).First() with
            {
                Goal = Goal.AtMost(OrderCost.StoreRequests(series.Of(pipeline)), 20, ""),
            };
    }
}

/// <summary>One order at a time.</summary>
internal sealed class PeersIdleFigure : IFigure<PeersSetup>
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    public string Name => "idle";

    public async Task<IReadOnlyList<Measurement>> RunAsync(PeersSetup setup, CancellationToken stop)
    {
        await Rounds.RunAsync(setup.All, 1, MeasureAsync, stop);
        var series = await Rounds.RunAsync(setup.All, setup.Options.Quick ? 4 : 20, MeasureAsync, stop);
        return [.. setup.All.SelectMany(pipeline => Rows(setup, pipeline, series))];
    }

    private static IEnumerable<Measurement> Rows(PeersSetup setup, IOrderPipeline pipeline, Series<Samples> series)
    {
        var all = series.All(pipeline);
        var row = Measurement.Of("order, alone", pipeline.Name, all);
        if (!setup.Ours.Contains(pipeline))
        {
            yield return row;
            yield break;
        }

        var middle = series.Ratio(pipeline, setup.Peer, s => s.P50);
        var tail = all.P99 / all.P50;
        yield return row with { Ratio = middle, RatioTo = setup.Peer.Name, Goal = Goal.AtMost(middle, 0.75, "× peer") };
        yield return new Measurement("  p99", pipeline.Name) { Ratio = tail, RatioTo = "its own p50", Goal = Goal.AtMost(tail, 2, "× p50") };
    }

    private static Task<Samples> MeasureAsync(IOrderPipeline pipeline) => Rounds.TimeAsync(10, async () => await pipeline.RunOrderAsync(), Pause);
}

/// <summary>Processor time while nothing happens, and memory.</summary>
internal sealed class PeersRestFigure : IFigure<PeersSetup>
{
    public string Name => "rest";

    public async Task<IReadOnlyList<Measurement>> RunAsync(PeersSetup setup, CancellationToken stop)
    {
        var window = TimeSpan.FromSeconds(setup.Options.Quick ? 10 : 30);
        await Task.Delay(2 * window, stop); // what follows an order, and what the compiler makes of it
        var before = setup.All.ToDictionary(p => p, Cpu);
        var start = System.Diagnostics.Stopwatch.GetTimestamp();
        await Task.Delay(window, stop);
        var elapsed = System.Diagnostics.Stopwatch.GetElapsedTime(start);
        return [.. setup.All.SelectMany(Rows)];

        IEnumerable<Measurement> Rows(IOrderPipeline pipeline)
        {
            var isOurs = setup.Ours.Contains(pipeline);
            var share = (Cpu(pipeline) - before[pipeline]) / elapsed * 100;
            var memory = pipeline.Processes.Sum(process => process.ProportionalMemory) / 1e6;
            yield return new Measurement("processor at rest", pipeline.Name)
            {
                Value = Text($"{share:0.0} % of a core"),
                Goal = isOurs ? Goal.AtMost(share, 1.5, " % of a core") : null,
            };
            yield return new Measurement("memory, shared divided", pipeline.Name)
            {
                Value = Text($"{memory:0} MB"),
                Goal = isOurs ? Goal.AtMost(memory, 600, " MB") : null,
            };
        }

        static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
    }

    private static TimeSpan Cpu(IOrderPipeline pipeline) => TimeSpan.FromTicks(pipeline.Processes.Sum(process => process.Processor.Ticks));
}
