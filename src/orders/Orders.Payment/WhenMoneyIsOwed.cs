using ChangeFeed.MassTransit;
using MassTransit;
using Orders.Contracts;
using Orders.Hosting;

namespace Orders.Payment;

/// <summary>The compensation: an order that ends without delivery gives captured money back, and so does one an agent asks it for.</summary>
public sealed class WhenMoneyIsOwed(Reactor reactor, PaymentReactions payment) : IConsumer<FulfillmentRejected>, IConsumer<OrderCancelled>,
    IConsumer<RefundRequested>
{
    public Task Consume(ConsumeContext<FulfillmentRejected> context) => RefundAsync(context);

    public Task Consume(ConsumeContext<OrderCancelled> context) => RefundAsync(context);

    public Task Consume(ConsumeContext<RefundRequested> context) => RefundAsync(context);

    private Task RefundAsync(ConsumeContext context)
    {
        var cause = context.Recorded();
        return reactor.ReactAsync(context, (order, ct) => payment.WhenMoneyIsOwedAsync(cause, order, ct));
    }
}
