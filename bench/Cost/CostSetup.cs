using Bench.Harness;
using Bench.Pipeline;

namespace Bench.Cost;

/// <summary>
/// The real system twice, on containers of one physical partition and of four. It polls as it does on an account: the embedded store holds no
/// reads open for it.
/// </summary>
internal sealed class CostSetup : IAsyncDisposable
{
    public const int Few = 1;
    public const int Many = 4;

    public const double PollSeconds = 1;

    private CostSetup(BenchOptions options, RealSystem few, RealSystem many) => (Options, OnFew, OnMany) = (options, few, many);

    public BenchOptions Options { get; }

    public RealSystem OnFew { get; }

    public RealSystem OnMany { get; }

    public static async Task<CostSetup> StartAsync(BenchOptions options, WorkDirectory directory, CancellationToken stop)
    {
        var few = await StartAsync(Few);
        try
        {
            return new CostSetup(options, few, await StartAsync(Many));
        }
        catch
        {
            await few.DisposeAsync();
            throw;
        }

        async Task<RealSystem> StartAsync(int partitions)
        {
            Progress.Say($"starting the system on {partitions} partitions");
            var system = await RealSystem.StartAsync(
                $"{partitions} partitions", directory.Sub($"partitions-{partitions}"), [.. options.Application, "--partitions", $"{partitions}"],
                new Dictionary<string, string> { ["ChangeFeed__HoldReads"] = "00:00:00" }, stop);
            for (var order = 0; order < 20; order++)
                await system.RunOrderAsync();
            return system;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await OnFew.DisposeAsync();
        await OnMany.DisposeAsync();
    }
}
