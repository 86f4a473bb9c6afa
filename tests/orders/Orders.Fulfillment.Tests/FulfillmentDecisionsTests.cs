using Orders.Contracts;
using static Orders.Testing.OrderStream;

namespace Orders.Fulfillment.Tests;

public class FulfillmentDecisionsTests
{
    [Fact]
    public void A_paid_order_is_booked_under_the_id_of_the_event_that_caused_it()
    {
        var stream = Given(Placed(), Taxed(), Captured());
        var placed = stream.State.Placed!;

        FulfillmentDecisions.WhenPaymentCaptured(stream.Last, stream.State)
            .ShouldBe(new FulfillmentDecision(Book: new BookingRequest(stream.Last.Meta.EventId.ToString(), OrderId, placed.ShipTo, placed.Lines)));
    }

    [Fact]
    public void The_booking_of_an_order_cancelled_after_the_payment_is_taken_back()
    {
        var stream = Given(Placed(), Taxed(), Captured(), Cancelled());
        var cause = stream.The<PaymentCaptured>();

        FulfillmentDecisions.WhenPaymentCaptured(cause, stream.State)
            .ShouldBe(new FulfillmentDecision(Void: new VoidRequest(cause.Meta.EventId.ToString(), OrderId)));
    }

    [Fact]
    public void An_order_whose_customer_was_erased_is_rejected_and_a_booking_of_an_earlier_try_taken_back()
    {
        var erased = PersonalFields.Map(Placed(), _ => PersonalFields.Erased);
        var stream = Given(erased, Taxed(), Captured());

        var decision = FulfillmentDecisions.WhenPaymentCaptured(stream.Last, stream.State);

        (decision.Book, decision.Void).ShouldBe((null, new VoidRequest(stream.Last.Meta.EventId.ToString(), OrderId)));
        decision.Reject!.Reason.ShouldBe("the customer was erased, there is nowhere to send it");
    }

    [Fact]
    public void A_customer_may_live_in_a_street_of_the_name_erased()
    {
        var odd = Placed(name: PersonalFields.Erased) with { ShipTo = Placed().ShipTo with { Line1 = PersonalFields.Erased } };
        var stream = Given(odd, Taxed(), Captured());

        FulfillmentDecisions.WhenPaymentCaptured(stream.Last, stream.State).Book.ShouldNotBeNull();
    }

    [Fact]
    public void An_order_cancelled_before_its_payment_came_in_is_not_sent()
    {
        var stream = Given(Placed(), Taxed(), Cancelled(), Captured());

        FulfillmentDecisions.WhenPaymentCaptured(stream.Last, stream.State).Book.ShouldBeNull();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_order_that_was_sent_or_rejected_already_is_left_alone(bool shipped)
    {
        var stream = Given(Placed(), Taxed(), Captured(), shipped ? Shipped() : Rejected());

        FulfillmentDecisions.WhenPaymentCaptured(stream.The<PaymentCaptured>(), stream.State).ShouldBe(new FulfillmentDecision());
    }

    [Fact]
    public void A_booking_is_recorded_as_shipped() =>
        FulfillmentDecisions.AfterBooking(new BookingResult.Booked("Simulated Parcel", "SP1")).ShouldBe([Shipped()]);

    [Fact]
    public void A_refusal_is_recorded_with_the_article_that_is_missing() =>
        FulfillmentDecisions.AfterBooking(new BookingResult.Refused("out of stock", "OUT-OF-STOCK")).ShouldBe([Rejected()]);

    [Fact]
    public void A_voided_booking_leaves_no_event() =>
        FulfillmentDecisions.AfterBooking(new BookingResult.Voided()).ShouldBeEmpty();
}
