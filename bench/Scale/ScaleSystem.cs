using Bench.Harness;
using Bench.Pipeline;

namespace Bench.Scale;

/// <summary>The system as the parts of the scale test start it.</summary>
internal static class ScaleSystem
{
    /// <summary>Who sends it at customer care may change orders. The system is on loopback, and gone with its data when the bench ends.</summary>
    public const string CareKey = "key-of-the-scale-test";

    private static readonly string[] Workers = ["Tax", "TaxAudit", "Payment", "Fulfillment", "Notification", "Views"];

    /// <summary>Starts it on a directory, on which it may have run before.</summary>
    public static Task<RealSystem> StartAsync(
        ScaleOptions options, string name, string directory, int partitions, int instances, CancellationToken stop) => RealSystem.StartAsync(
            name, directory,
            [
                .. options.Common.Application, "--partitions", $"{partitions}", "--care-key", CareKey, "--start-timeout", "600",
                .. instances == 1 ? [] : Workers.SelectMany(worker => new[] { $"--Replicas:{worker}", $"{instances}" }),
            ],
            [], stop, OrderEnd.LastEvent);

    /// <summary>Warms it up and measures the orders.</summary>
    public static async Task<OrderLoad> MeasureAsync(this RealSystem system, ScaleOptions options, Func<int, string> customer, CancellationToken stop)
    {
        await PipelineSetup.WarmAsync(system, options.Common, stop);
        return await system.MeasureWarmAsync(options, customer, stop);
    }

    /// <summary>Measures the orders, once nobody has anything left to do of those before.</summary>
    public static async Task<OrderLoad> MeasureWarmAsync(this RealSystem system, ScaleOptions options, Func<int, string> customer, CancellationToken stop)
    {
        await new FeedProgress(system.Stored).CatchUpAsync(stop);
        Progress.Say($"{system.Name}: {options.Orders:#,0} orders");
        return await OrderLoad.MeasureAsync(system, options.Orders, options.UnderWay, customer, stop);
    }
}
