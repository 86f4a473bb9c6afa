using ChangeFeed.EventStore;
using Orders.Contracts;
using Orders.Domain;

namespace Orders.Fulfillment;

/// <summary>What to do with an order: book a shipment, take back a booking that an earlier try may have made, and refuse the order.</summary>
public sealed record FulfillmentDecision(BookingRequest? Book = null, VoidRequest? Void = null, FulfillmentRejected? Reject = null);

/// <summary>What the fulfillment service decides, without doing it, on the order as it stands, its personal data opened.</summary>
public static class FulfillmentDecisions
{
    /// <summary>
    /// Book a shipment for an order that is paid; take back a booking that an earlier try may have made for an order that was
    /// cancelled, or whose customer was erased, before the booking got into the stream; nothing for any other.
    /// </summary>
    public static FulfillmentDecision WhenPaymentCaptured(RecordedEvent cause, OrderState order)
    {
        var key = cause.Meta.EventId.ToString();
        return order switch
        {
            { Status: OrderStatus.Paid, Placed: { } placed } when placed.IsErased() =>
                new(Void: new VoidRequest(key, cause.StreamId), Reject: new FulfillmentRejected("the customer was erased, there is nowhere to send it")),
            { Status: OrderStatus.Paid, Placed: { } placed } =>
                new(Book: new BookingRequest(key, cause.StreamId, placed.ShipTo, placed.Lines)),
            { Status: OrderStatus.Cancelled } => new(Void: new VoidRequest(key, cause.StreamId)),
            _ => new(),
        };
    }

    /// <summary>The event that follows from the carrier's answer.</summary>
    public static IReadOnlyList<object> AfterBooking(BookingResult result) => result switch
    {
        BookingResult.Booked booked => [new OrderShipped(booked.Carrier, booked.TrackingNumber)],
        BookingResult.Refused refused => [new FulfillmentRejected(refused.Reason, refused.Sku)],
        _ => [],
    };
}
