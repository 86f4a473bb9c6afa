using ChangeFeed.EventStore;
using Orders.Contracts;

namespace Orders.ReadModels.Tests;

public sealed class OrderStatusDocumentTests
{
    private static readonly IReadOnlyList<RecordedEvent> Stream =
        Given.Stream(Given.Placed, Given.Taxed, Given.Captured, Given.Shipped, Given.Notified(NoticeKind.Shipped));

    [Fact]
    public void It_tells_amounts_shipment_and_times()
    {
        var document = OrderStatusDocument.Fold(Stream)!;
        document.Version.ShouldBe(4);
        (document.Subtotal, document.Tax, document.Total).ShouldBe((99.80m, 10.23m, 110.03m));
        document.Shipment.ShouldBe(Given.Shipped);
        document.PlacedAt.ShouldBe(Given.Noon);
        document.UpdatedAt.ShouldBe(Given.Noon.AddMinutes(4));
    }

    [Fact]
    public void It_tells_since_when_a_paid_order_is_overdue_and_no_longer_once_it_ships()
    {
        var overdue = Given.Stream(Given.Placed, Given.Taxed, Given.Captured, new ShipmentOverdue(TimeSpan.FromDays(3)), Given.RefundAsked, Given.Shipped);
        OrderStatusDocument.Fold(overdue.Take(5))!.OverdueSince.ShouldBe(Given.Noon.AddMinutes(3));
        OrderStatusDocument.Fold(overdue)!.OverdueSince.ShouldBeNull();
    }

    [Fact]
    public void Applying_an_event_again_changes_nothing()
    {
        var document = OrderStatusDocument.Fold(Stream);
        foreach (var e in Stream)
            OrderStatusDocument.Apply(document, e).ShouldBeSameAs(document);
    }

    [Fact]
    public void An_event_after_a_gap_changes_nothing()
    {
        var document = OrderStatusDocument.Fold(Stream.Take(2));
        OrderStatusDocument.Apply(document, Stream[3]).ShouldBeSameAs(document);
    }

    [Fact]
    public void A_stream_that_does_not_begin_with_an_order_has_no_document() =>
        OrderStatusDocument.Fold(Given.Stream(Given.Taxed)).ShouldBeNull();
}
