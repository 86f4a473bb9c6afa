using System.Text;
using ChangeFeed.EventStore;
using CloudNative.CloudEvents;
using CloudNative.CloudEvents.SystemTextJson;
using Orders.Contracts;
using Orders.IntegrationEvents;
using Orders.Outward;
using Orders.Testing;

namespace Orders.Sinks.Tests;

/// <summary>What others are told of an order, and what they are not.</summary>
public sealed class IntegrationEventTests
{
    private const string Order = OrderStream.OrderId;

    private static readonly CustomerNotified Notified = new(NoticeKind.Shipped, "mail", "ada@example.org", "On its way", "<1@example.org>");

    [Fact]
    public void Others_are_told_when_an_order_is_placed_paid_shipped_and_ends()
    {
        var told = Told(OrderStream.Placed(), OrderStream.Taxed(), OrderStream.Captured(), OrderStream.Shipped(), Notified, OrderStream.RefundAsked());

        told[0].ShouldBeOfType<OrderPlacedV1>().Lines.ShouldBe([new OrderedLineV1("KB-01", 2, 49.90m)]);
        told[0].ShouldBe(new OrderPlacedV1(Order, "USD", 99.80m, "US", ((OrderPlacedV1)told[0]).Lines));
        told[1..].ShouldBe(
            [new OrderPaidV1(Order, "USD", 106.29m), new OrderShippedV1(Order, "Simulated Parcel"), new OrderEndedV1(Order, OrderOutcomeV1.Completed)]);
    }

    [Fact]
    public void Each_end_has_its_outcome()
    {
        Ends(OrderStream.Placed(), OrderStream.Cancelled()).ShouldBe(OrderOutcomeV1.Cancelled);
        Ends(OrderStream.Placed(), OrderStream.Taxed(), new PaymentDeclined(DeclineCode.InsufficientFunds, "no", "USD", 1))
            .ShouldBe(OrderOutcomeV1.PaymentDeclined);
        Ends(OrderStream.Placed(), OrderStream.Taxed(), OrderStream.Captured(), OrderStream.Rejected()).ShouldBe(OrderOutcomeV1.Rejected);
        Ends(OrderStream.Placed(), OrderStream.Taxed(), OrderStream.Captured(), OrderStream.Shipped(), new NoticeDropped(NoticeKind.Shipped, "gone"))
            .ShouldBe(OrderOutcomeV1.Completed);

        OrderOutcomeV1 Ends(params object[] events) => Told(events)[^1].ShouldBeOfType<OrderEndedV1>().Outcome;
    }

    [Fact]
    public void An_order_that_ended_is_not_paid_by_a_capture_that_comes_late() =>
        Told(OrderStream.Placed(), OrderStream.Taxed(), OrderStream.Cancelled(), OrderStream.Captured()).Count.ShouldBe(2);

    [Fact]
    public void That_a_customer_was_erased_is_told_and_nothing_is_of_a_stream_that_is_no_order()
    {
        Told(OrderStream.Placed(), new PersonalDataErased(60))[^1].ShouldBe(new OrderCustomerErasedV1(Order));
        Told(new PersonalDataErased(60), OrderStream.Captured()).ShouldBeEmpty();
    }

    [Fact]
    public void Nothing_that_says_who_somebody_is_leaves_with_it()
    {
        const string personal = "Rumpelstiltskin";
        object[] events =
        [
            PersonalFields.Map(OrderStream.Placed() with { CustomerId = personal }, _ => personal),
            OrderStream.Taxed(), OrderStream.Captured() with { PaymentId = personal },
            new OrderShipped("Simulated Parcel", personal), PersonalFields.Map(Notified, _ => personal), new RefundRequested(personal),
            new PaymentRefunded("re_1", personal, "USD", 1, personal), new PersonalDataErased(60),
        ];

        var told = Announcements(events).Concat(Announcements([events[0], new OrderCancelled(personal)]));
        var texts = told.Select(announcement => Encoding.UTF8.GetString(CloudEventJson.Write(announcement).Span)).ToList();

        texts.Count.ShouldBe(7);
        texts.ShouldAllBe(text => !text.Contains(personal));
    }

    [Fact]
    public void An_announcement_is_a_CloudEvent_and_the_same_whoever_makes_it()
    {
        var told = Announcements([OrderStream.Placed(), OrderStream.Taxed(), OrderStream.Captured()])[1];

        var read = new JsonEventFormatter().DecodeStructuredModeMessage(CloudEventJson.Write(told), null, null);
        read.IsValid.ShouldBeTrue();
        read.SpecVersion.ShouldBe(CloudEventsSpecVersion.V1_0);
        read.Id.ShouldBe($"{Order}/2");
        read.Type.ShouldBe("example.order-pipeline.order.paid.v1");
        read.Subject.ShouldBe(Order);
        read.Time.ShouldBe(OrderStream.Start.AddSeconds(2));
        read["sequence"].ShouldBe("0000000002");
        read["partitionkey"].ShouldBe(Order);

        CloudEventJson.Write(Announcements([OrderStream.Placed(), OrderStream.Taxed(), OrderStream.Captured()])[1]).Span
            .SequenceEqual(CloudEventJson.Write(told).Span).ShouldBeTrue();
    }

    private static List<IIntegrationEvent> Told(params object[] events) =>
        [.. Announcements(events).Select(told => IntegrationEventTypes.Read(told.Type, told.Data)!)];

    private static List<Announcement> Announcements(object[] events)
    {
        var (projection, order, told) = (new OutwardProjection(OutwardProjection.Bus), default(OutwardOrder), new List<Announcement>());
        foreach (RecordedEvent e in OrderStream.Given(events).Events)
        {
            order = projection.Apply(order, e);
            if (order?.Announcement is { } announcement)
                told.Add(announcement);
        }

        return told;
    }
}
