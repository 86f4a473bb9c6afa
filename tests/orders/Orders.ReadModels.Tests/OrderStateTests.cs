using Orders.Contracts;
using Orders.Domain;

namespace Orders.ReadModels.Tests;

public sealed class OrderStateTests
{
    public static TheoryData<OrderStatus, object[]> Paths => new()
    {
        { OrderStatus.Placed, [Given.Placed] },
        { OrderStatus.Taxed, [Given.Placed, Given.Taxed] },
        { OrderStatus.Paid, [Given.Placed, Given.Taxed, Given.Captured] },
        { OrderStatus.Shipped, [Given.Placed, Given.Taxed, Given.Captured, Given.Shipped] },
        { OrderStatus.Completed, [Given.Placed, Given.Taxed, Given.Captured, Given.Shipped, Given.Notified(NoticeKind.Shipped)] },
        { OrderStatus.PaymentDeclined, [Given.Placed, Given.Taxed, Given.Declined] },
        { OrderStatus.PaymentDeclined, [Given.Placed, Given.Taxed, Given.Declined, Given.Notified(NoticeKind.PaymentDeclined)] },
        { OrderStatus.Rejected, [Given.Placed, Given.Taxed, Given.Captured, Given.Rejected] },
        { OrderStatus.Rejected, [Given.Placed, Given.Taxed, Given.Captured, Given.Rejected, Given.Refunded, Given.Notified(NoticeKind.Rejected)] },
        { OrderStatus.Completed,
            [Given.Placed, Given.Taxed, Given.Captured, Given.Shipped, Given.RefundAsked, Given.Notified(NoticeKind.Shipped), Given.Refunded] },
        { OrderStatus.Cancelled, [Given.Placed, Given.Cancelled] },
        { OrderStatus.Cancelled, [Given.Placed, Given.Taxed, Given.Cancelled, Given.Notified(NoticeKind.Cancelled)] },
        // The capture was under way when the customer cancelled: it is recorded and refunded, the order stays cancelled.
        { OrderStatus.Cancelled, [Given.Placed, Given.Taxed, Given.Cancelled, Given.Captured, Given.Refunded] },
        { OrderStatus.Cancelled, [Given.Placed, Given.Taxed, Given.Captured, Given.Cancelled, Given.Refunded, Given.Notified(NoticeKind.Cancelled)] },
    };

    [Theory, MemberData(nameof(Paths), DisableDiscoveryEnumeration = true)]
    public void The_status_and_the_view_follow_the_events(OrderStatus expected, object[] events)
    {
        var stream = Given.Stream(events);
        OrderState.Fold(stream).Status.ShouldBe(expected);
        OrderStatusDocument.Fold(stream)!.Status.ShouldBe(expected);
    }

    [Fact]
    public void An_empty_stream_is_no_order()
    {
        OrderState.Fold([]).Status.ShouldBeNull();
        OrderStatusDocument.Fold([]).ShouldBeNull();
    }

    [Fact]
    public void The_state_remembers_what_decisions_need()
    {
        var state = OrderState.Fold(Given.Stream(
            Given.Placed, Given.Taxed, Given.Captured, Given.Rejected, Given.Refunded, Given.Notified(NoticeKind.Rejected)));
        state.Placed.ShouldBe(Given.Placed);
        state.Tax.ShouldBe(Given.Taxed);
        state.Payment.ShouldBe(Given.Captured);
        state.Refund.ShouldBe(Given.Refunded);
        state.Shipment.ShouldBeNull();
        state.EndReason.ShouldBe("out of stock");
        state.Notices.ShouldBe([NoticeKind.Rejected]);
    }

    [Fact]
    public void A_notice_that_was_asked_for_again_is_open_until_it_is_sent()
    {
        object[] told = [Given.Placed, Given.Taxed, Given.Captured, Given.Shipped, Given.Notified(NoticeKind.Shipped), Given.NoticeAsked];

        OrderState.Fold(Given.Stream(told)).NoticeRequest.ShouldBe(Given.NoticeAsked);
        var again = OrderState.Fold(Given.Stream([.. told, Given.Notified(NoticeKind.Shipped)]));
        again.NoticeRequest.ShouldBeNull();
        again.Notices.ShouldBe([NoticeKind.Shipped, NoticeKind.Shipped]);
        again.Status.ShouldBe(OrderStatus.Completed);
    }
}
