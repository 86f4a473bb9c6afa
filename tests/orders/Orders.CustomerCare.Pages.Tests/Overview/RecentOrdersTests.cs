using ChangeFeed.EventStore;
using Orders.Contracts;
using Orders.CustomerCare.Pages.Overview;
using Orders.Domain;

namespace Orders.CustomerCare.Pages.Tests.Overview;

public sealed class RecentOrdersTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 14, 15, 9, 26, TimeSpan.Zero);
    private readonly RecentOrders _orders = new();

    [Fact]
    public void Orders_are_counted_by_status_and_by_the_minute_they_were_placed_in()
    {
        foreach (var e in Examples.Stream)
            _orders.Apply(e with { Meta = e.Meta with { At = Now.AddMinutes(-3) } });
        _orders.Apply(Placed("b", Now));

        var snapshot = _orders.Look(Now, complete: true);

        snapshot.Count.ShouldBe(2);
        (snapshot.In(OrderStatus.PaymentDeclined), snapshot.In(OrderStatus.Placed), snapshot.In(OrderStatus.Completed)).ShouldBe((1, 1, 0));
        snapshot.Minutes.Count.ShouldBe(15);
        snapshot.Minutes[^4].ShouldBe(new MinuteOfOrders(new DateTimeOffset(2026, 3, 14, 15, 6, 0, TimeSpan.Zero), 0, 1, 0));
        snapshot.Minutes[^1].Going.ShouldBe(1);
        snapshot.MedianToShip.ShouldBeNull();
    }

    [Fact]
    public void An_event_that_comes_again_is_not_counted_again()
    {
        _orders.Apply(Placed("a", Now));
        var before = _orders.Look(Now, complete: true);
        _orders.Apply(Placed("a", Now));

        var after = _orders.Look(Now, complete: true);

        after.Count.ShouldBe(1);
        after.Revision.ShouldBe(before.Revision);
    }

    [Fact]
    public void Orders_leave_the_window_with_their_minute()
    {
        _orders.Apply(Placed("a", Now));
        _orders.Look(Now.AddMinutes(14), complete: true).Count.ShouldBe(1);
        _orders.Look(Now.AddMinutes(15), complete: true).Count.ShouldBe(0);
    }

    private static RecordedEvent Placed(string id, DateTimeOffset at) =>
        Examples.Stream[0] with { StreamId = id, Meta = Examples.Stream[0].Meta with { At = at } };
}
