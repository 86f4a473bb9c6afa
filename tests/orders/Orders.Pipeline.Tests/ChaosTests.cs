using Orders.Shopper;

namespace Orders.Pipeline.Tests;

/// <summary>Kills processes under load. The seed is printed; the books must balance whatever it is.</summary>
public sealed class ChaosTests
{
    private static readonly string[] Workers = ["tax", "tax-audit", "payment", "fulfillment", "notification", "views"];

    [Fact]
    public Task Every_worker_killed_at_random_moments_under_load() => UnderLoad.RunAsync([], async (pipeline, random) =>
    {
        foreach (var name in Workers.Concat(Workers).OrderBy(_ => random.Next()).ToList())
            await pipeline.KillAndStartAsync(name, random);
    });

    [Fact]
    public Task One_of_two_instances_of_a_service_killed_under_load() => UnderLoad.RunAsync(["--Replicas:Payment", "2"], async (pipeline, random) =>
    {
        var doubled = pipeline.Services.Keys.Where(n => n.StartsWith("payment", StringComparison.Ordinal)).ToList();
        doubled.Count.ShouldBe(2);
        foreach (var name in doubled.OrderBy(_ => random.Next()).ToList())
            await pipeline.KillAndStartAsync(name, random);
    });

    [Fact]
    public Task The_store_killed_under_load() => UnderLoad.RunAsync([], async (pipeline, random) =>
    {
        for (var kill = 0; kill < 3; kill++)
            await pipeline.KillAndStartAsync("cosmos", random);
    });

    [Fact]
    public async Task Everything_killed_at_once_and_started_again()
    {
        var random = UnderLoad.Begin();
        var data = RunningPipeline.NewDataDirectory();
        IReadOnlyDictionary<string, IntendedEnd> orders;
        await using (var first = await AppHostCommand.StartAsync(data))
        {
            using var client = new HttpClient { BaseAddress = first.OrdersApi };
            var shopper = new RandomShopper(client, random);
            using var stop = new CancellationTokenSource();
            var shopping = shopper.ShopAsync(TimeSpan.FromMilliseconds(20), stop.Token);
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(1000, 3000)), TestContext.Current.CancellationToken);
            stop.Cancel();
            await shopping;
            orders = shopper.Orders;
            await first.KillEverythingAsync();
        }

        await using (var second = await RunningPipeline.StartWithQuickLeasesAsync(data))
            await Books.ShouldBalanceAsync(second, orders, UnderLoad.Settling);
        Directory.Delete(data, recursive: true);
    }
}
