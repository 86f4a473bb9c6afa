using Orders.Contracts;
using static Orders.Testing.OrderStream;

namespace Orders.Payment.Tests;

public class PaymentDecisionsTests
{
    private static readonly CaptureResult.Captured Money = new("pay_1", "USD", 106.29m);

    [Fact]
    public void The_total_of_a_taxed_order_is_captured_under_the_id_of_the_event_that_caused_it()
    {
        var stream = Given(Placed(), Taxed());

        var (capture, withdraw) = PaymentDecisions.WhenTaxCalculated(stream.Last, stream.State);

        capture.ShouldBe(new CaptureRequest(stream.Last.Meta.EventId.ToString(), OrderId, "tok_visa", "USD", 106.29m));
        withdraw.ShouldBeNull();
    }

    [Fact]
    public void The_capture_of_a_cancelled_order_is_withdrawn()
    {
        var stream = Given(Placed(), Taxed(), Cancelled());
        var cause = stream.The<TaxCalculated>();

        var (capture, withdraw) = PaymentDecisions.WhenTaxCalculated(cause, stream.State);

        capture.ShouldBeNull();
        withdraw.ShouldBe(new WithdrawRequest(cause.Meta.EventId.ToString(), OrderId));
    }

    [Fact]
    public void Nothing_is_captured_of_a_customer_who_was_erased_and_the_order_ends()
    {
        var stream = Given(PersonalFields.Map(Placed(), _ => PersonalFields.Erased), Taxed());

        var (capture, withdraw) = PaymentDecisions.WhenTaxCalculated(stream.Last, stream.State);

        capture.ShouldBeNull();
        withdraw.ShouldBe(new WithdrawRequest(stream.Last.Meta.EventId.ToString(), OrderId));
        PaymentDecisions.AfterCapture(stream.State, new CaptureResult.Withdrawn())
            .ShouldBe([new PaymentDeclined(DeclineCode.Unspecified, "the customer was erased", "USD", 106.29m)]);
        PaymentDecisions.AfterCapture(stream.State, Money).ShouldBe([new PaymentCaptured("pay_1", "USD", 106.29m)]);
    }

    [Fact]
    public void An_order_that_is_paid_already_is_left_alone()
    {
        var stream = Given(Placed(), Taxed(), Captured());

        PaymentDecisions.WhenTaxCalculated(stream.The<TaxCalculated>(), stream.State).ShouldBe((null, null));
    }

    [Fact]
    public void Captured_money_is_recorded() =>
        PaymentDecisions.AfterCapture(Given(Placed(), Taxed()).State, Money).ShouldBe([new PaymentCaptured("pay_1", "USD", 106.29m)]);

    [Fact]
    public void Captured_money_is_recorded_even_when_the_order_was_cancelled_meanwhile() =>
        PaymentDecisions.AfterCapture(Given(Placed(), Taxed(), Cancelled()).State, Money).ShouldBe([new PaymentCaptured("pay_1", "USD", 106.29m)]);

    [Fact]
    public void A_refusal_is_recorded_with_its_reason() =>
        PaymentDecisions.AfterCapture(Given(Placed(), Taxed()).State, new CaptureResult.Declined(DeclineCode.InsufficientFunds, "insufficient funds"))
            .ShouldBe([new PaymentDeclined(DeclineCode.InsufficientFunds, "insufficient funds", "USD", 106.29m)]);

    [Fact]
    public void A_refusal_no_longer_matters_to_a_cancelled_order() =>
        PaymentDecisions.AfterCapture(
            Given(Placed(), Taxed(), Cancelled()).State, new CaptureResult.Declined(DeclineCode.InsufficientFunds, "insufficient funds")).ShouldBeEmpty();

    [Fact]
    public void A_withdrawn_capture_leaves_no_event() =>
        PaymentDecisions.AfterCapture(Given(Placed(), Taxed(), Cancelled()).State, new CaptureResult.Withdrawn()).ShouldBeEmpty();

    [Theory]
    [InlineData("rejected after the capture", true)]
    [InlineData("cancelled after the capture", true)]
    [InlineData("cancelled, and the capture came in later", true)]
    [InlineData("cancelled before the tax", false)]
    [InlineData("cancelled before the capture", false)]
    [InlineData("refunded already", false)]
    [InlineData("still paid", false)]
    [InlineData("shipped", false)]
    [InlineData("shipped, and an agent asked for a refund", true)]
    [InlineData("shipped, and what an agent asked for is done", false)]
    [InlineData("declined", false)]
    public void Money_goes_back_when_it_was_captured_and_the_order_ended_without_delivery_or_an_agent_asked_for_it(string order, bool refunded)
    {
        var stream = order switch
        {
            "rejected after the capture" => Given(Placed(), Taxed(), Captured(), Rejected()),
            "cancelled after the capture" => Given(Placed(), Taxed(), Captured(), Cancelled()),
            "cancelled, and the capture came in later" => Given(Placed(), Taxed(), Cancelled(), Captured()),
            "cancelled before the tax" => Given(Placed(), Cancelled()),
            "cancelled before the capture" => Given(Placed(), Taxed(), Cancelled()),
            "refunded already" => Given(Placed(), Taxed(), Captured(), Cancelled(), Refunded()),
            "still paid" => Given(Placed(), Taxed(), Captured()),
            "shipped" => Given(Placed(), Taxed(), Captured(), Shipped()),
            "shipped, and an agent asked for a refund" => Given(Placed(), Taxed(), Captured(), Shipped(), RefundAsked()),
            "shipped, and what an agent asked for is done" => Given(Placed(), Taxed(), Captured(), Shipped(), RefundAsked(), Refunded()),
            _ => Given(Placed(), Taxed(), new PaymentDeclined(DeclineCode.InsufficientFunds, "insufficient funds", "USD", 106.29m)),
        };

        PaymentDecisions.WhenMoneyIsOwed(OrderId, stream.State)
            .ShouldBe(refunded ? new RefundRequest("refund-pay_1", OrderId, "pay_1", "USD", 106.29m) : null);
    }

    [Fact]
    public void The_refund_says_why()
    {
        ReasonAfter(Cancelled()).ShouldBe("changed my mind");
        ReasonAfter(Shipped(), RefundAsked()).ShouldBe("arrived broken");

        static string ReasonAfter(params object[] end)
        {
            var order = Given([Placed(), Taxed(), Captured(), .. end]).State;
            var refunded = PaymentDecisions.AfterRefund(PaymentDecisions.WhenMoneyIsOwed(OrderId, order)!, "re_1", order);
            refunded.ShouldBe(new PaymentRefunded("re_1", "pay_1", "USD", 106.29m, refunded.Reason));
            return refunded.Reason;
        }
    }
}
