using Orders.Contracts;
using Orders.CustomerCare.Actions;
using Orders.Domain;
using static Orders.CustomerCare.Tests.Given;

namespace Orders.CustomerCare.Tests.Actions;

public sealed class OrderActionTests
{
    [Fact]
    public void An_order_is_cancelled_until_it_ships()
    {
        Refusal(OrderAction.Cancel, Placed).ShouldBeNull();
        Refusal(OrderAction.Cancel, Placed, Taxed).ShouldBeNull();
        Refusal(OrderAction.Cancel, Placed, Taxed, Paid).ShouldBeNull();
        Refusal(OrderAction.Cancel, Placed, Taxed, Paid, Shipped).ShouldBe("The order has been shipped and can no longer be cancelled.");
        Refusal(OrderAction.Cancel, Placed, Cancelled).ShouldBe("The order is cancelled already.");
        Refusal(OrderAction.Cancel, Placed, Taxed, Declined).ShouldBe("The payment was declined, so the order has ended already: there is nothing to cancel.");
    }

    [Fact]
    public void Money_is_given_back_once_when_it_was_captured_and_the_order_has_shipped()
    {
        Refusal(OrderAction.Refund, Placed, Taxed, Paid, Shipped).ShouldBeNull();
        Refusal(OrderAction.Refund, Placed, Taxed, Paid, Shipped, Told).ShouldBeNull();
        Refusal(OrderAction.Refund, Placed, Taxed, Paid).ShouldNotBeNull().ShouldContain("cancel it instead");
        Refusal(OrderAction.Refund, Placed, Taxed, Declined).ShouldNotBeNull().ShouldContain("Nothing was captured");
        Refusal(OrderAction.Refund, Placed, Cancelled).ShouldNotBeNull().ShouldContain("Nothing was captured");
        Refusal(OrderAction.Refund, Placed, Taxed, Paid, Cancelled).ShouldNotBeNull().ShouldContain("goes back by itself");
        Refusal(OrderAction.Refund, Placed, Taxed, Paid, Shipped, Told, RefundAsked).ShouldNotBeNull().ShouldContain("asked for already");
        Refusal(OrderAction.Refund, Placed, Taxed, Paid, Shipped, Told, RefundAsked, Refunded).ShouldBe("110.03 USD went back already.");
    }

    [Fact]
    public void The_last_notice_is_sent_again_one_at_a_time()
    {
        Refusal(OrderAction.ResendNotification, Placed, Taxed, Paid, Shipped).ShouldNotBeNull().ShouldContain("nothing to send again");
        Refusal(OrderAction.ResendNotification, Placed, Taxed, Paid, Shipped, Told).ShouldBeNull();
        Refusal(OrderAction.ResendNotification, Placed, Taxed, Paid, Shipped, Told, NoticeAsked).ShouldNotBeNull().ShouldContain("asked for already");
        Refusal(OrderAction.ResendNotification, Placed, Taxed, Paid, Shipped, Told, NoticeAsked, Told).ShouldBeNull();
    }

    [Fact]
    public void Every_action_keeps_its_reason_in_its_event()
    {
        OrderAction.Cancel.Event(OrderState.Initial, "why").ShouldBe(new OrderCancelled("why"));
        OrderAction.Refund.Event(OrderState.Initial, "why").ShouldBe(new RefundRequested("why"));
        var told = OrderState.Initial.Apply(Told).Apply(Told with { Notice = NoticeKind.Cancelled });
        OrderAction.ResendNotification.Event(told, "why").ShouldBe(new NotificationRequested(NoticeKind.Cancelled, "why"));
    }

    private static string? Refusal(OrderAction action, params object[] events) =>
        action.Refusal(events.Aggregate(OrderState.Initial, (state, e) => state.Apply(e)));
}
