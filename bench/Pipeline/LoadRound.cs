using Bench.Harness;
using Bench.Subjects;

namespace Bench.Pipeline;

/// <summary>A turn under load: how fast, how long each order took, and what all of them cost.</summary>
internal sealed record LoadRound(double PerSecond, Samples Durations, IReadOnlyList<TimeSpan> Processor, StoreUse Use)
{
    public static async Task<LoadRound> MeasureAsync(IOrderPipeline pipeline, int inFlight, double seconds, CancellationToken stop)
    {
        var asked = await pipeline.ReadUseAsync(stop);
        var before = ProcessorTimes();
        var (perSecond, durations) = await Rounds.LoadAsync(inFlight, TimeSpan.FromSeconds(seconds), pipeline.RunOrderAsync);
        List<TimeSpan> processor = [.. ProcessorTimes().Zip(before, (now, then) => now - then)];
        return new LoadRound(perSecond, durations, processor, (await pipeline.ReadUseAsync(stop)).Since(asked));

        List<TimeSpan> ProcessorTimes() => [.. pipeline.Processes.Select(process => process.Processor)];
    }
}
