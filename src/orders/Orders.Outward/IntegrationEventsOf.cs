using ChangeFeed.EventStore;
using Orders.Contracts;
using Orders.Domain;
using Orders.IntegrationEvents;

namespace Orders.Outward;

/// <summary>What others are told of an event of an order. Pure.</summary>
public static class IntegrationEventsOf
{
    /// <summary>The integration event; null where the event moves the order nowhere that others are told of.</summary>
    /// <param name="before">Where the order stood before the event; null before its first.</param>
    /// <param name="e">The event.</param>
    public static IIntegrationEvent? Event(OrderStatus? before, RecordedEvent e)
    {
        if (e.Data is PersonalDataErased)
            return before is null ? null : new OrderCustomerErasedV1(e.StreamId);
        // A capture that raced with a cancellation is a fact of ours, and not of others: the order does not become paid by it.
        var after = OrderState.NextStatus(before, e.Data);
        return after == before ? null : (after, e.Data) switch
        {
            (OrderStatus.Placed, OrderPlaced x) => new OrderPlacedV1(
                e.StreamId, x.Currency, x.Subtotal, x.ShipTo.Country, [.. x.Lines.Select(line => new OrderedLineV1(line.Sku, line.Quantity, line.UnitPrice))]),
            (OrderStatus.Paid, PaymentCaptured x) => new OrderPaidV1(e.StreamId, x.Currency, x.Amount),
            (OrderStatus.Shipped, OrderShipped x) => new OrderShippedV1(e.StreamId, x.Carrier),
            (OrderStatus.Completed, _) => new OrderEndedV1(e.StreamId, OrderOutcomeV1.Completed),
            (OrderStatus.PaymentDeclined, _) => new OrderEndedV1(e.StreamId, OrderOutcomeV1.PaymentDeclined),
            (OrderStatus.Rejected, _) => new OrderEndedV1(e.StreamId, OrderOutcomeV1.Rejected),
            (OrderStatus.Cancelled, _) => new OrderEndedV1(e.StreamId, OrderOutcomeV1.Cancelled),
            _ => null,
        };
    }
}
