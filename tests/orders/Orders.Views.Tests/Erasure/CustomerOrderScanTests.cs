using System.Collections.Concurrent;
using Orders.Views.Erasure;

namespace Orders.Views.Tests.Erasure;

public sealed class CustomerOrderScanTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task However_many_customers_are_looked_for_at_once_the_searches_are_few_and_one_at_a_time()
    {
        var (searches, atOnce, most) = (new ConcurrentQueue<int>(), 0, 0);
        var go = new TaskCompletionSource();
        var scan = new CustomerOrderScan(async (customers, _) =>
        {
            most = Math.Max(most, Interlocked.Increment(ref atOnce));
            searches.Enqueue(customers.Count);
            await go.Task;
            Interlocked.Decrement(ref atOnce);
            return [.. customers.SelectMany(c => new[] { (c, $"{c}/1"), (c, $"{c}/2") })];
        });

        var finding = Enumerable.Range(0, 1200).Select(n => scan.FindAsync($"c-{n}", Stop)).ToList();
        go.SetResult();
        var found = await Task.WhenAll(finding);

        found.Index().ShouldAllBe(f => f.Item.SequenceEqual(new[] { $"c-{f.Index}/1", $"c-{f.Index}/2" }));
        searches.Count.ShouldBeLessThan(6);
        searches.ShouldAllBe(customers => customers <= CustomerOrderScan.MaxCustomers);
        most.ShouldBe(1);
    }

    [Fact]
    public async Task What_fails_is_told_to_those_who_waited_for_it_and_the_next_are_served()
    {
        var fails = true;
        var scan = new CustomerOrderScan((customers, _) => fails
            ? throw new IOException("not now")
            : Task.FromResult<IReadOnlyList<(string, string)>>([(customers[0], "order")]));

        (await Should.ThrowAsync<IOException>(scan.FindAsync("c-1", Stop))).Message.ShouldBe("not now");
        fails = false;
        (await scan.FindAsync("c-1", Stop)).ShouldBe(["order"]);
    }

    [Fact]
    public async Task A_customer_without_orders_has_none() =>
        (await new CustomerOrderScan((_, _) => Task.FromResult<IReadOnlyList<(string, string)>>([])).FindAsync("c-1", Stop)).ShouldBeEmpty();
}
