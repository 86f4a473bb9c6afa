namespace TestSupport;

/// <summary>Disturbs a system while orders are placed all the time, and settles the books when it is left alone again. The seed is printed.</summary>
internal static class UnderLoad
{
    private const int LinesOfAFailure = 400;

    public static readonly TimeSpan Settling = TimeSpan.FromSeconds(120);

    private static readonly TimeSpan TimeToRead = TimeSpan.FromMilliseconds(60); // an order, for views to catch up, and for who looks at each

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

    public static Task RunAsync(RunningPipeline pipeline, Func<RunningPipeline, Random, Task> disturb) =>
        RunAsync(pipeline, disturb, atLeast: 0, TimeSpan.FromMilliseconds(50));

    /// <summary>The same until there are so many orders.</summary>
    /// <param name="pipeline">The system.</param>
    /// <param name="disturb">What disturbs it, once or again and again.</param>
    /// <param name="atLeast">How many orders it takes.</param>
    /// <param name="pause">The time between one order and the next.</param>
    public static async Task RunAsync(RunningPipeline pipeline, Func<RunningPipeline, Random, Task> disturb, int atLeast, TimeSpan pause)
    {
        var random = Begin();
        var shopper = new RandomShopper(pipeline.Orders, random);
        using var stop = new CancellationTokenSource();
        var shopping = shopper.ShopAsync(pause, stop.Token);
        try
        {
            do
                await disturb(pipeline, random);
            while (shopper.Orders.Count < atLeast);
        }
        finally
        {
            stop.Cancel();
            await shopping;
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{shopper.Orders.Count} orders.");
        try
        {
            await Books.ShouldBalanceAsync(pipeline, shopper.Orders, Settling + shopper.Orders.Count * TimeToRead);
        }
        catch (Exception)
        {
            TestContext.Current.TestOutputHelper?.WriteLine(string.Join(Environment.NewLine, pipeline.Output.Split('\n').TakeLast(LinesOfAFailure)));
            TestContext.Current.TestOutputHelper?.WriteLine($"Parked: {await pipeline.Care.GetStringAsync("/care/dead-letters")}");
            throw;
        }
    }
}
