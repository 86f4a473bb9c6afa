using Bench.Harness;

namespace Bench.Pipeline;

/// <summary>Both pipelines side by side, each on a store of its own: the one that is not measured costs next to nothing.</summary>
internal sealed class PipelineSetup : IAsyncDisposable
{
    private const int InFlightToWarm = 32;
    private const int MostWarmUpRounds = 20;
    private static readonly TimeSpan WarmUpRound = TimeSpan.FromSeconds(5);

    private PipelineSetup(BenchOptions options, WorkDirectory directory, BareChain floor, IOrderPipeline subject) =>
        (Options, Directory, Floor, Subject) = (options, directory, floor, subject);

    public BenchOptions Options { get; }

    public WorkDirectory Directory { get; }

    public BareChain Floor { get; }

    public IOrderPipeline Subject { get; }

    public IReadOnlyList<IOrderPipeline> Both => [Floor, Subject];

    public static async Task<PipelineSetup> StartAsync(BenchOptions options, WorkDirectory directory, CancellationToken stop)
    {
        Progress.Say("starting the bare chain");
        var floor = await BareChain.StartAsync("bare chain", directory.Sub("bare"), stop);
        try
        {
            Progress.Say(options.SubjectIsFloor ? "starting a second bare chain" : "starting the real system");
            IOrderPipeline subject = options.SubjectIsFloor
                ? await BareChain.StartAsync("second chain", directory.Sub("second"), stop)
                : await RealSystem.StartAsync("real system", directory.Sub("real"), options.Application, [], stop);
            var setup = new PipelineSetup(options, directory, floor, subject);
            foreach (var pipeline in setup.Both)
                await WarmAsync(pipeline, options, stop);
            return setup;
        }
        catch
        {
            await floor.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Subject.DisposeAsync();
        await Floor.DisposeAsync();
    }

    /// <summary>
    /// The first order waits for leases, the first thousands for the compiler, which with ten processes on two cores has work for a minute:
    /// warm is what has not become faster for two rounds.
    /// </summary>
    public static async Task WarmAsync(IOrderPipeline pipeline, BenchOptions options, CancellationToken stop)
    {
        Progress.Say($"warming up the {pipeline.Name}");
        await pipeline.RunOrderAsync();
        var (best, since) = (0d, 0);
        for (var round = 0; round < (options.Quick ? 1 : MostWarmUpRounds) && since < 2; round++)
        {
            var (perSecond, _) = await Rounds.LoadAsync(InFlightToWarm, WarmUpRound, pipeline.RunOrderAsync);
            stop.ThrowIfCancellationRequested();
            since = perSecond > best * 1.05 ? 0 : since + 1;
            best = Math.Max(best, perSecond);
        }
    }
}
