using OrderPipeline.Contracts;

namespace OrderPipeline.Fulfillment;

/// <summary>The decision together with the call it asks for. May be called again with a longer stream, hence the key.</summary>
public sealed class FulfillmentReactions(ICarrier carrier)
{
    public async ValueTask<IReadOnlyList<object>> WhenPaymentCapturedAsync(
        RecordedEvent cause, IReadOnlyList<RecordedEvent> stream, CancellationToken cancellationToken)
    {
        var (book, @void) = FulfillmentDecisions.WhenPaymentCaptured(cause, OrderState.Fold(stream));
        if (book is not null)
            return FulfillmentDecisions.AfterBooking(await carrier.BookAsync(book, cancellationToken));
        if (@void is not null)
            await carrier.VoidAsync(@void, cancellationToken);
        return [];
    }
}
