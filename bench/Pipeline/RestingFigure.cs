using System.Diagnostics;
using System.Globalization;
using Bench.Harness;
using Bench.Subjects;

namespace Bench.Pipeline;

/// <summary>What the system costs while nothing happens: processor time of all its processes, memory of each.</summary>
internal sealed class RestingFigure : IFigure<PipelineSetup>
{
    private const int MostRounds = 8;

    public string Name => "rest";

    public async Task<IReadOnlyList<Measurement>> RunAsync(PipelineSetup setup, CancellationToken stop)
    {
        var window = TimeSpan.FromSeconds(setup.Options.Quick ? 5 : 15);
        // What follows an order, checkpoints among it, is not rest yet; nor is what the compiler makes of it, for a minute or more.
        var shares = await SharesAsync(setup, window, stop);
        for (var round = 1; round < (setup.Options.Quick ? 1 : MostRounds); round++)
        {
            var last = shares[setup.Subject];
            shares = await SharesAsync(setup, window, stop);
            if (shares[setup.Subject].Sum() > last.Sum() * 0.85)
                break;
        }

        var share = shares[setup.Subject].Sum();
        var (use, elapsed) = await UseAsync(setup, window, stop);
        string PerSecond(double requests, double units) =>
            string.Create(CultureInfo.InvariantCulture, $"{requests / elapsed.TotalSeconds:0.0}/s, {units / elapsed.TotalSeconds:0.0} RU/s");
        return
        [
            new Measurement("processor at rest", setup.Floor.Name) { Value = Percent(shares[setup.Floor].Sum()) },
            new Measurement("processor at rest", setup.Subject.Name) { Value = Percent(share), Goal = Goal.AtMost(share, 5, " % of a core") },
            .. setup.Subject.Processes.Zip(shares[setup.Subject], (process, own) =>
                new Measurement($"  {process.Name}", setup.Subject.Name) { Value = Percent(own) }),
            new Measurement("requests at rest", setup.Subject.Name) { Value = PerSecond(use.Requests, use.Units) },
            .. use.Counted.Select(counted =>
                new Measurement($"  {counted.Container}: {counted.Operation}", setup.Subject.Name) { Value = PerSecond(counted.Requests, counted.Units) }),
            .. setup.Subject.Processes.Select(Memory),
        ];
    }

    /// <summary>Percent of a core, process by process.</summary>
    private static async Task<Dictionary<IOrderPipeline, List<double>>> SharesAsync(PipelineSetup setup, TimeSpan window, CancellationToken stop)
    {
        var start = Stopwatch.GetTimestamp();
        var before = setup.Both.ToDictionary(p => p, Cpu);
        await Task.Delay(window, stop);
        var elapsed = Stopwatch.GetElapsedTime(start);
        return setup.Both.ToDictionary(p => p, p => Cpu(p).Zip(before[p], (now, then) => (now - then) / elapsed * 100).ToList());
    }

    private static async Task<(StoreUse Use, TimeSpan Elapsed)> UseAsync(PipelineSetup setup, TimeSpan window, CancellationToken stop)
    {
        var before = await setup.Subject.ReadUseAsync(stop);
        var start = Stopwatch.GetTimestamp();
        await Task.Delay(window, stop);
        return ((await setup.Subject.ReadUseAsync(stop)).Since(before), Stopwatch.GetElapsedTime(start));
    }

    private static List<TimeSpan> Cpu(IOrderPipeline pipeline) => [.. pipeline.Processes.Select(process => Machine.CpuOf(process.Pid))];

    private static Measurement Memory(RunningProcess process)
    {
        var (resident, shared) = Machine.MemoryOf(process.Pid);
        var megabytes = resident / 1e6;
        return new Measurement("memory", process.Name)
        {
            Value = $"{megabytes:0} MB, {shared / 1e6:0} of it files",
            Goal = process.Kind switch
            {
                Kind.Store => Goal.AtMost(megabytes, 300, " MB"),
                Kind.Worker => Goal.AtMost(megabytes, 120, " MB"),
                _ => null,
            },
        };
    }

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{share:0.0} % of a core");
}
