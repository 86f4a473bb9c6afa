using OrderPipeline.Contracts;

namespace OrderPipeline.Fulfillment;

/// <summary>What the fulfillment service decides, without doing it, on the order as it stands.</summary>
public static class FulfillmentDecisions
{
    /// <summary>
    /// Book a shipment for an order that is paid; take back a booking that an earlier try may have made for an order that was
    /// cancelled before the booking got into the stream; neither for any other.
    /// </summary>
    public static (BookingRequest? Book, VoidRequest? Void) WhenPaymentCaptured(RecordedEvent cause, OrderState order)
    {
        var key = cause.Meta.EventId.ToString();
        return order switch
        {
            { Status: OrderStatus.Paid, Placed: { } placed } =>
                (new BookingRequest(key, cause.StreamId, placed.ShipTo, placed.Lines), null),
            { Status: OrderStatus.Cancelled } => (null, new VoidRequest(key, cause.StreamId)),
            _ => (null, null),
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
