using MassTransit;
using OrderPipeline.ChangeFeed;
using OrderPipeline.Contracts;
using OrderPipeline.ServiceDefaults;

namespace OrderPipeline.Payment;

/// <summary>The compensation: an order that ends without delivery gives captured money back.</summary>
public sealed class WhenOrderEnded(Reactor reactor, PaymentReactions payment) : IConsumer<FulfillmentRejected>, IConsumer<OrderCancelled>
{
    public Task Consume(ConsumeContext<FulfillmentRejected> context) => RefundAsync(context);

    public Task Consume(ConsumeContext<OrderCancelled> context) => RefundAsync(context);

    private Task RefundAsync(ConsumeContext context)
    {
        var cause = context.Recorded();
        return reactor.ReactAsync(context, (stream, ct) => payment.WhenOrderEndedAsync(cause, stream, ct));
    }
}
