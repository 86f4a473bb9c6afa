using System.Net.Sockets;
using Orders.Shopper;

namespace Orders.Pipeline.Tests;

/// <summary>The system is stopped, or killed with everything it runs, and started again on its data.</summary>
public sealed class RestartTests
{
    [Fact]
    public async Task After_ctrl_c_and_a_new_start_everything_is_there_once_and_a_new_order_works()
    {
        var data = RunningPipeline.NewDataDirectory();
        var orders = new List<string>();
        Dictionary<string, int> before;
        await using (var pipeline = await RunningPipeline.StartAsync(data, "--topology=compact"))
        {
            foreach (var order in new[] { OrderClient.Order(), OrderClient.Order("tok_declined"), OrderClient.Order(sku: "OUT-OF-STOCK") })
                orders.Add(await pipeline.PlaceAsync(order));
            before = new() { ["events"] = 15, ["mails"] = 3, ["captures"] = 2, ["refunds"] = 1, ["audit"] = 4 };
            await Eventually.GetAsync(() => CountAsync(pipeline, orders), counts => before.All(expected => counts[expected.Key] == expected.Value));
            // Taken while it works: whatever of it is undone at the stop goes on after the start.
            orders.Add(await pipeline.PlaceAsync(OrderClient.Order("tok_slow")));
            var urls = new[] { "cosmos", "orders-api", "customer-care" }.Select(pipeline.Url).ToList();
            var took = await pipeline.StopAsync();
            took.ShouldBeLessThan(TimeSpan.FromSeconds(10), pipeline.Output);
            foreach (var url in urls)
                (await AcceptsAsync(url)).ShouldBeFalse($"Something still listens on {url}");
        }

        await using (var pipeline = await RunningPipeline.StartAsync(data, "--topology=compact"))
        {
            await pipeline.WithStatusAsync(orders[3], "Completed");
            var fresh = await pipeline.PlaceAsync(OrderClient.Order());
            await pipeline.WithStatusAsync(fresh, "Completed");

            (await CountAsync(pipeline, orders.Take(3))).ShouldBe(before);
            (await CountAsync(pipeline, [orders[3], fresh])).ShouldBe(
                new Dictionary<string, int> { ["events"] = 10, ["mails"] = 2, ["captures"] = 2, ["refunds"] = 0, ["audit"] = 2 });
        }

        Directory.Delete(data, recursive: true);
    }

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

    private static async Task<Dictionary<string, int>> CountAsync(RunningPipeline pipeline, IEnumerable<string> orders)
    {
        var ids = orders.ToList();
        var events = 0;
        foreach (var id in ids)
            events += (await pipeline.EventsAsync(id)).Count;
        var effects = Effects.Of(pipeline);
        return new Dictionary<string, int>
        {
            ["events"] = events,
            ["mails"] = ids.Sum(id => effects.MailsOf(id)),
            ["captures"] = ids.Sum(id => effects.Captures[id].Count()),
            ["refunds"] = ids.Sum(id => effects.Refunds[id].Count()),
            ["audit"] = await Effects.AuditRecordsOfAsync(pipeline, ids),
        };
    }

    private static async Task<bool> AcceptsAsync(Uri url)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(url.Host, url.Port, TestContext.Current.CancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
