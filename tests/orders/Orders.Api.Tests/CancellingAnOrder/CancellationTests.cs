using ChangeFeed.EventStore;
using Orders.Api.CancellingAnOrder;
using Orders.Api.PlacingAnOrder;
using Orders.Contracts;
using Orders.Web.Access;
using static Orders.Api.Tests.OrderHistory;

namespace Orders.Api.Tests.CancellingAnOrder;

public sealed class CancellationTests
{
    private static readonly OrderPlaced Placed = Placement.Decide(Examples.Order);

    [Fact]
    public void An_order_that_was_never_placed_cannot_be_cancelled() => Decide().ShouldBeOfType<CancelDecision.NoOrder>();

    [Fact]
    public void Until_it_is_shipped_an_order_can_be_cancelled()
    {
        var cancel = new CancelDecision.Cancel(new OrderCancelled("reason"));

        Decide(Placed).ShouldBe(cancel);
        Decide(Placed, Taxed).ShouldBe(cancel);
        Decide(Placed, Taxed, Paid).ShouldBe(cancel);
    }

    [Fact]
    public void A_shipped_order_cannot_be_cancelled()
    {
        Decide(Placed, Taxed, Paid, Shipped).ShouldBeOfType<CancelDecision.Refuse>().Reason.ShouldContain("shipped");
        Decide(Placed, Taxed, Paid, Shipped, Notified(NoticeKind.Shipped)).ShouldBeOfType<CancelDecision.Refuse>().Reason.ShouldContain("shipped");
    }

    [Fact]
    public void An_order_that_has_ended_has_nothing_left_to_cancel()
    {
        Decide(Placed, Taxed, Declined).ShouldBeOfType<CancelDecision.Refuse>().Reason.ShouldContain("declined");
        Decide(Placed, Taxed, Paid, Rejected).ShouldBeOfType<CancelDecision.Refuse>().Reason.ShouldContain("not be fulfilled");
    }

    [Fact]
    public void A_cancelled_order_stays_cancelled_by_the_same_event_whatever_followed()
    {
        var before = new CancelDecision.AlreadyCancelled(3);

        Decide(Placed, Taxed, Paid, Cancelled).ShouldBe(before);
        Decide(Placed, Taxed, Paid, Cancelled, Refunded, Notified(NoticeKind.Cancelled)).ShouldBe(before);
    }

    [Fact]
    public void Only_the_customer_and_an_operator_cancel_and_nobody_else_learns_that_there_is_an_order()
    {
        DecideFor(new Caller { Id = "a", CustomerId = "c-1001" }, Placed).ShouldBeOfType<CancelDecision.Cancel>();
        DecideFor(new Caller { Id = "b", CustomerId = "c-1002" }, Placed).ShouldBeOfType<CancelDecision.NoOrder>();
        DecideFor(new Caller { Id = "b", CustomerId = "c-1002" }, Placed, Taxed, Paid, Shipped).ShouldBeOfType<CancelDecision.NoOrder>();
        DecideFor(new Caller { Id = "c", IsReader = true }, Placed).ShouldBeOfType<CancelDecision.NotAllowed>();
    }

    private static CancelDecision Decide(params IEnumerable<object> events) => DecideFor(new Caller { Id = null, IsReader = true, IsOperator = true }, events);

    private static CancelDecision DecideFor(Caller caller, params IEnumerable<object> events) => Cancellation.Decide(
        [.. events.Select((data, i) => new RecordedEvent(
            "order", i, data.GetType().Name, 1, data, new EventMeta(Guid.NewGuid(), DateTimeOffset.UnixEpoch, "test", "order")))],
        "reason",
        caller);
}
