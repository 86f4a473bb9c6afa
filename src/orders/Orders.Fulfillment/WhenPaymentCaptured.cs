using ChangeFeed.MassTransit;
using MassTransit;
using Orders.Contracts;
using Orders.Hosting;

namespace Orders.Fulfillment;

public sealed class WhenPaymentCaptured(Reactor reactor, FulfillmentReactions fulfillment) : IConsumer<PaymentCaptured>
{
    public Task Consume(ConsumeContext<PaymentCaptured> context)
    {
        var cause = context.Recorded();
        return reactor.ReactAsync(context, (order, ct) => fulfillment.WhenPaymentCapturedAsync(cause, order, ct));
    }
}
