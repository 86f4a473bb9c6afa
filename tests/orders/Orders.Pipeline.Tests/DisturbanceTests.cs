using Orders.Shopper;

namespace Orders.Pipeline.Tests;

/// <summary>Nothing is killed here; everything is late, slow, refused, moved or wrong about the time. The books must balance all the same.</summary>
[Collection(nameof(DisturbedPipeline))]
public sealed class DisturbanceTests(DisturbedPipeline disturbed)
{
    // Where Debian's package libfaketime puts it, whatever the machine's architecture.
    private static readonly string? FakeTime = Directory.Exists("/usr/lib")
        ? Directory.EnumerateDirectories("/usr/lib", "*-linux-*").Select(d => Path.Combine(d, "faketime", "libfaketime.so.1")).FirstOrDefault(File.Exists)
        : null;

    private static readonly TimeSpan Takeover = TimeSpan.FromSeconds(60);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public Task A_store_that_is_slow_throttles_fails_and_splits_its_partitions() => disturbed.RunAsync(async (pipeline, random) =>
    {
        await pipeline.InjectFaultAsync(new { delayMs = 100, probability = 0.3 });
        await Task.Delay(random.Next(500, 1500), Stop);
        await pipeline.InjectFaultAsync(new { status = 429, subStatus = 3200, retryAfterMs = 20, probability = 0.2 });
        await pipeline.SplitAsync(0);
        await Task.Delay(random.Next(500, 1500), Stop);
        await pipeline.InjectFaultAsync(new { status = 503, probability = 0.1 });
        await pipeline.SplitAsync(2);
        await Task.Delay(random.Next(500, 1500), Stop);
        await pipeline.ClearFaultsAsync();
        await pipeline.InjectFaultAsync(new { status = 503, count = 200 });
        await pipeline.SplitAsync(1);
    });

    [Fact]
    public Task Two_and_three_instances_join_and_leave() => disturbed.RunAsync(async (pipeline, _) =>
    {
        var second = pipeline.Join("payment");
        await OwnersAsync(pipeline, owners => owners.Count == 2, "Two instances share the leases");
        var third = pipeline.Join("payment");
        await OwnersAsync(pipeline, owners => owners.Count == 3, "Three instances share the leases");
        (await second.StopAsync(within: TimeSpan.FromSeconds(20))).ShouldBe(0, second.Output);
        await third.KillAsync();
    });

    [Fact]
    public Task An_instance_whose_clock_is_two_minutes_ahead_joins()
    {
        Assert.SkipWhen(FakeTime is null, "libfaketime is not installed, and nothing else gives one process another clock.");
        return disturbed.RunAsync(async (pipeline, _) =>
        {
            var before = await OwnersAsync(pipeline, owners => owners.Count == 1, "One instance has all the leases");
            var ahead = pipeline.Join(
                "payment", ("LD_PRELOAD", FakeTime!), ("FAKETIME", "+120s"), ("FAKETIME_DONT_FAKE_MONOTONIC", "1"), ("Logging__LogLevel__Default", "Warning"));
            await OwnersAsync(pipeline, owners => owners.Except(before).Any(), "The instance that is ahead has a lease");
            await Task.Delay(TimeSpan.FromSeconds(5), Stop); // to and fro for a while; the books tell whether anything was lost
            // Were it killed, its leases would count as fresh for as long as its clock is ahead: later, not lost, but nothing to wait for here.
            (await ahead.StopAsync(within: TimeSpan.FromSeconds(30))).ShouldBe(0, ahead.Output);
        });
    }

    [Fact]
    public Task Orders_that_came_while_a_service_was_down_are_handled_also_when_its_first_batch_fails_and_one_handler_hangs() =>
        disturbed.UseAsync(async pipeline =>
    {
        var payment = pipeline.Services["payment"];
        await payment.KillAsync();
        var orders = new Dictionary<string, IntendedEnd>();
        foreach (var token in Enumerable.Repeat("tok_flaky", 12).Append("tok_visa"))
            orders[await pipeline.PlaceAsync(OrderClient.Order(token))] = IntendedEnd.Completed;
        var hanging = await pipeline.PlaceAsync(OrderClient.Order("tok_hang"));

        await payment.StartAsync();
        foreach (var order in orders.Keys)
            await pipeline.WithStatusAsync(order, "Completed", TimeSpan.FromSeconds(60));
        (await pipeline.EventsAsync(hanging)).Types().ShouldBe(["OrderPlaced", "TaxCalculated"]);

        (await payment.StopAsync(within: TimeSpan.FromSeconds(30))).ShouldBe(0, payment.Output);
        await File.WriteAllTextAsync(Path.Combine(pipeline.SimulatorDirectory, "repaired"), "", Stop);
        await payment.StartAsync();
        orders[hanging] = IntendedEnd.Completed;
        await Books.ShouldBalanceAsync(pipeline, orders, UnderLoad.Settling);
    });

    private static Task<IReadOnlySet<string>> OwnersAsync(RunningPipeline pipeline, Func<IReadOnlySet<string>, bool> until, string what) => Eventually.GetAsync(
        async () =>
        {
            using var client = pipeline.CreateCosmosClient();
            using var pages = client.GetContainer("orders", "leases")
                .GetItemQueryIterator<string>("SELECT VALUE c.Owner FROM c WHERE STARTSWITH(c.id, 'payment:') AND IS_STRING(c.Owner)");
            var owners = new HashSet<string>();
            while (pages.HasMoreResults)
                owners.UnionWith(await pages.ReadNextAsync(Stop));
            return (IReadOnlySet<string>)owners;
        }, until, Takeover, what);
}
