namespace TestSupport;

/// <summary>Disturbs a system while orders are placed all the time, and settles the books when it is left alone again. The seed is printed.</summary>
internal static class UnderLoad
{
    private const int LinesOfAFailure = 400;

    public static readonly TimeSpan Settling = TimeSpan.FromSeconds(120);

    /// <summary>A new seed, or that of a run to be repeated: <c>CHAOS_SEED</c>.</summary>
    public static Random Begin()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("CHAOS_SEED"), out var given) ? given : Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"CHAOS_SEED={seed}");
        return new Random(seed);
    }

    public static async Task RunAsync(string[] arguments, Func<RunningPipeline, Random, Task> disturb)
    {
        await using var pipeline = await RunningPipeline.StartWithQuickLeasesAsync(null, arguments);
        await RunAsync(pipeline, disturb);
    }

    public static async Task RunAsync(RunningPipeline pipeline, Func<RunningPipeline, Random, Task> disturb)
    {
        var random = Begin();
        var shopper = new RandomShopper(pipeline.Orders, random);
        using var stop = new CancellationTokenSource();
        var shopping = shopper.ShopAsync(TimeSpan.FromMilliseconds(50), stop.Token);
        try
        {
            await disturb(pipeline, random);
        }
        finally
        {
            stop.Cancel();
            await shopping;
        }

        try
        {
            await Books.ShouldBalanceAsync(pipeline, shopper.Orders, Settling);
        }
        catch (Exception)
        {
            TestContext.Current.TestOutputHelper?.WriteLine(string.Join(Environment.NewLine, pipeline.Output.Split('\n').TakeLast(LinesOfAFailure)));
            TestContext.Current.TestOutputHelper?.WriteLine($"Parked: {await pipeline.Care.GetStringAsync("/care/dead-letters")}");
            throw;
        }
    }
}
