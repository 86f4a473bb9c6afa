using Orders.Contracts;
using static Orders.Testing.OrderStream;

namespace Orders.Notification.Tests;

public class NotificationDecisionsTests
{
    private static readonly PaymentDeclined Declined = new(DeclineCode.InsufficientFunds, "insufficient funds", "USD", 106.29m);

    private static NoticeKind? NoticeOnLast(params object[] events)
    {
        var stream = Given(events);
        return NotificationDecisions.Notice(stream.Last.Data, stream.State);
    }

    private static CustomerNotified Notified(NoticeKind notice) => new(notice, "email", "ada@example.org", "subject", "id@example.org");

    [Fact]
    public void Who_gets_his_goods_is_told_so() => NoticeOnLast(Placed(), Taxed(), Captured(), Shipped()).ShouldBe(NoticeKind.Shipped);

    [Fact]
    public void Who_could_not_pay_is_told_so() => NoticeOnLast(Placed(), Taxed(), Declined).ShouldBe(NoticeKind.PaymentDeclined);

    [Fact]
    public void Who_cancelled_is_told_at_once() => NoticeOnLast(Placed(), Cancelled()).ShouldBe(NoticeKind.Cancelled);

    [Fact]
    public void Who_was_rejected_is_told_when_the_money_is_on_its_way_back() =>
        NoticeOnLast(Placed(), Taxed(), Captured(), Rejected(), Refunded()).ShouldBe(NoticeKind.Rejected);

    [Fact]
    public void Who_was_rejected_is_not_told_before_the_refund() => NoticeOnLast(Placed(), Taxed(), Captured(), Rejected()).ShouldBeNull();

    [Fact]
    public void The_refund_of_a_cancelled_order_is_no_second_notice() =>
        NoticeOnLast(Placed(), Taxed(), Captured(), Cancelled(), Refunded()).ShouldBeNull();

    [Fact]
    public void Nobody_is_told_the_same_twice()
    {
        var stream = Given(Placed(), Cancelled(), Notified(NoticeKind.Cancelled));

        NotificationDecisions.Notice(stream.The<OrderCancelled>().Data, stream.State).ShouldBeNull();
    }

    [Fact]
    public void What_was_sent_is_sent_again_when_an_agent_asks_for_it()
    {
        NoticeOnLast(Placed(), Cancelled(), Notified(NoticeKind.Cancelled), NoticeAsked(NoticeKind.Cancelled)).ShouldBe(NoticeKind.Cancelled);
        NoticeOnLast(Placed(), Taxed(), NoticeAsked(NoticeKind.Shipped)).ShouldBeNull();
    }
}
