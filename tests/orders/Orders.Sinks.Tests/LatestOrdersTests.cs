using ChangeFeed.EventStore;
using ChangeFeed.Sinks;
using Orders.Cache;
using Orders.Contracts;
using Orders.ReadModels;
using Orders.Sinks.Tests.Support;
using Orders.Testing;

namespace Orders.Sinks.Tests;

/// <summary>The latest orders of a customer in the cache: all of them, or none.</summary>
public sealed class LatestOrdersTests : CacheOnGarnet
{
    private const string Customer = "c-1001";

    [Fact]
    public async Task There_are_none_until_the_view_has_told_which_they_are()
    {
        await WriteAsync(Order(3));
        (await FindAsync(2)).ShouldBeNull(); // it may be the only one, or the last of a thousand

        await FillAsync(isAll: true, Order(3), Order(2), Order(1));

        (await FindAsync(2)).ShouldBe("3 2 and more");
        (await FindAsync(5)).ShouldBe("3 2 1");
    }

    [Fact]
    public async Task A_new_order_is_in_front_when_its_names_are_known()
    {
        await FillAsync(isAll: false, Order(3), Order(2));
        await WriteAsync(Order(4));
        (await FindAsync(2)).ShouldBeNull();

        await Cache.FillAsync(Order(4), Stop);

        (await FindAsync(2)).ShouldBe("4 3 and more");
        (await FindAsync(3)).ShouldBe("4 3 2 and more");
        (await FindAsync(4)).ShouldBeNull(); // there are more, and the view knows which
    }

    [Fact]
    public async Task What_the_sink_wrote_before_the_view_knew_it_stays()
    {
        await WriteAsync(Order(4));
        await Cache.FillAsync(Order(4), Stop);

        await FillAsync(isAll: false, Order(3), Order(2)); // by who had read the view before

        (await FindAsync(3)).ShouldBe("4 3 2 and more");
    }

    [Fact]
    public async Task An_order_is_there_as_its_last_event_left_it()
    {
        await FillAsync(isAll: true, Order(1));
        await WriteAsync(Order(1) with { Version = 1, Total = 106.29m });
        await FillAsync(isAll: true, Order(1));

        (await Cache.FindLatestAsync(Customer, 5, Stop))!.Orders.ShouldHaveSingleItem().Total.ShouldBe(106.29m);
    }

    [Fact]
    public async Task When_a_customer_is_erased_the_list_goes_and_nobody_makes_it_again()
    {
        await FillAsync(isAll: true, Order(2), Order(1));

        await Sink.WriteAsync([new SinkDocument<OrderStatusDocument>("2", 1, null)], Stop);

        (await Connection.GetDatabase().KeyExistsAsync(LatestOrdersScripts.KeyOf(1, Customer))).ShouldBeFalse();
        await FillAsync(isAll: true, Order(2), Order(1)); // by who had read the view before
        (await Connection.GetDatabase().KeyExistsAsync(LatestOrdersScripts.KeyOf(1, Customer))).ShouldBeFalse();
        await FillAsync(isAll: true, Order(2) with { Version = 1, ErasedAt = OrderStream.Start }, Order(1));
        (await FindAsync(2)).ShouldBeNull();
    }

    [Fact]
    public async Task Of_many_orders_the_latest_hundred_stay()
    {
        var orders = Enumerable.Range(1, 130).Select(Order).ToList();
        await FillAsync(isAll: true, Order(1));
        foreach (var order in orders.Skip(1))
            await WriteAsync(order);
        foreach (var order in orders)
            await Cache.FillAsync(order, Stop);

        (await FindAsync(100)).ShouldBe($"{string.Join(' ', Enumerable.Range(31, 100).Reverse())} and more");
        (await FindAsync(101)).ShouldBeNull();
        (await Connection.GetDatabase().SortedSetLengthAsync(LatestOrdersScripts.KeyOf(1, Customer))).ShouldBe(101);
    }

    [Fact]
    public async Task It_ends_after_its_time()
    {
        await WriteAsync(Order(1));

        (await Connection.GetDatabase().KeyTimeToLiveAsync(LatestOrdersScripts.KeyOf(1, Customer)))!.Value
            .ShouldBeInRange(Options.KeepOrders - TimeSpan.FromMinutes(1), Options.KeepOrders);
    }

    private static OrderStatusDocument Order(int n) => OrderStatusDocument.Fold(
        [new RecordedEvent($"{n}", 0, nameof(OrderPlaced), 1, OrderStream.Placed(), new EventMeta(Guid.NewGuid(), OrderStream.Start.AddMinutes(n), "test", $"{n}"))])!;

    private async Task<string?> FindAsync(int count) => await Cache.FindLatestAsync(Customer, count, Stop) is { } latest
        ? string.Join(' ', latest.Orders.Select(order => order.Id)) + (latest.HasMore ? " and more" : "")
        : null;

    private Task FillAsync(bool isAll, params OrderStatusDocument[] orders) => Cache.FillLatestAsync(Customer, orders, isAll, Stop);

    private Task WriteAsync(OrderStatusDocument order) => Sink.WriteAsync([new SinkDocument<OrderStatusDocument>(order.Id, order.Version, order)], Stop);
}
