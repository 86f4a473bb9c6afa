using ChangeFeed.EventStore;
using Orders.Contracts;
using Orders.Domain;
using Orders.PersonalData;

namespace Orders.Fulfillment;

/// <summary>The decision together with the call it asks for. May be called again with a newer state, hence the key.</summary>
public sealed class FulfillmentReactions(ICarrier carrier, PersonalDataProtector personal)
{
    public async ValueTask<IReadOnlyList<object>> WhenPaymentCapturedAsync(
        RecordedEvent cause, OrderState order, CancellationToken cancellationToken)
    {
        if (order.Placed is { } placed)
            order = order with { Placed = await personal.RevealAsync(placed, cancellationToken) };
        var decision = FulfillmentDecisions.WhenPaymentCaptured(cause, order);
        if (decision.Book is not null)
            return FulfillmentDecisions.AfterBooking(await Concealed.FromAsync(order.Placed!, () => carrier.BookAsync(decision.Book, cancellationToken)));
        if (decision.Void is not null)
            await carrier.VoidAsync(decision.Void, cancellationToken);
        return decision.Reject is null ? [] : [decision.Reject];
    }
}
