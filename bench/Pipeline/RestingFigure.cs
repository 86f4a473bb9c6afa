using System.Diagnostics;
using System.Globalization;
using OrderPipeline.Bench.Harness;

namespace OrderPipeline.Bench.Pipeline;

/// <summary>What the system costs while nothing happens: processor time of all its processes, memory of each.</summary>
internal sealed class RestingFigure : IFigure<PipelineSetup>
{
    public string Name => "rest";

    public async Task<IReadOnlyList<Measurement>> RunAsync(PipelineSetup setup, CancellationToken stop)
    {
        var window = TimeSpan.FromSeconds(setup.Options.Quick ? 5 : 15);
        // What follows an order, checkpoints among it, is not rest yet.
        await Task.Delay(TimeSpan.FromSeconds(2), stop);
        var start = Stopwatch.GetTimestamp();
        var before = setup.Both.ToDictionary(p => p, Cpu);
        await Task.Delay(window, stop);
        var elapsed = Stopwatch.GetElapsedTime(start);
        var shares = setup.Both.ToDictionary(p => p, p => (Cpu(p) - before[p]) / elapsed * 100);

        var share = shares[setup.Subject];
        return
        [
            new Measurement("processor at rest", setup.Floor.Name) { Value = Percent(shares[setup.Floor]) },
            new Measurement("processor at rest", setup.Subject.Name) { Value = Percent(share), Goal = Goal.AtMost(share, 5, " % of a core") },
            .. setup.Subject.Processes.Select(Memory),
        ];
    }

    private static TimeSpan Cpu(IOrderPipeline pipeline) =>
        pipeline.Processes.Aggregate(TimeSpan.Zero, (sum, process) => sum + Machine.CpuOf(process.Pid));

    private static Measurement Memory(RunningProcess process)
    {
        var megabytes = Machine.MemoryOf(process.Pid) / 1e6;
        return new Measurement("memory", process.Name)
        {
            Value = $"{megabytes:0} MB",
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
