using System.Collections.Concurrent;

namespace Orders.Pipeline.Tests;

[Collection(nameof(SharedPipeline))]
public sealed class LoadTests(SharedPipeline shared)
{
    private static readonly Dictionary<string, string> ExpectedEnd = new()
    {
        ["tok_visa"] = "Completed",
        ["tok_flaky"] = "Completed",
        ["tok_declined"] = "PaymentDeclined",
        ["OUT-OF-STOCK"] = "Rejected",
    };

    [Fact]
    public async Task Two_hundred_orders_placed_at_once_all_end_correctly()
    {
        var pipeline = shared.Pipeline;
        var kinds = Enumerable.Range(0, 200).Select(i => (i % 10) switch { 0 => "tok_declined", 1 => "OUT-OF-STOCK", 2 => "tok_flaky", _ => "tok_visa" });
        var orders = new ConcurrentDictionary<string, string>();
        await Parallel.ForEachAsync(kinds, new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (kind, _) =>
        {
            var order = kind == "OUT-OF-STOCK" ? OrderClient.Order(sku: kind) : OrderClient.Order(kind);
            orders[await pipeline.PlaceAsync(order)] = kind;
        });

        orders.Count.ShouldBe(200);
        foreach (var (id, kind) in orders)
        {
            await pipeline.WithStatusAsync(id, ExpectedEnd[kind], TimeSpan.FromSeconds(60));
            var types = (await pipeline.EndedAsync(id)).Types();
            types.Count(t => t == "CustomerNotified").ShouldBe(1);
            types.Distinct().Count().ShouldBe(types.Length);
        }

        var effects = Effects.Of(pipeline);
        foreach (var (id, kind) in orders)
        {
            effects.MailsOf(id).ShouldBe(1);
            effects.Captures[id].Count().ShouldBe(kind == "tok_declined" ? 0 : 1);
            effects.Refunds[id].Count().ShouldBe(kind == "OUT-OF-STOCK" ? 1 : 0);
            effects.Shipments[id].Count().ShouldBe(ExpectedEnd[kind] == "Completed" ? 1 : 0);
        }
    }

    [Fact]
    public async Task The_same_idempotency_key_sent_many_times_at_once_is_one_order()
    {
        var key = Guid.NewGuid().ToString();
        var ids = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => shared.Pipeline.PlaceAsync(OrderClient.Order(), key)));

        ids.Distinct().Count().ShouldBe(1);
        (await shared.Pipeline.EndedAsync(ids[0])).Types().Count(t => t == "OrderPlaced").ShouldBe(1);
    }
}
