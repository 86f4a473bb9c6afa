using ChangeFeed.MassTransit;
using MassTransit;
using Orders.Contracts;
using Orders.Hosting;

namespace Orders.Payment;

public sealed class WhenTaxCalculated(Reactor reactor, PaymentReactions payment) : IConsumer<TaxCalculated>
{
    public Task Consume(ConsumeContext<TaxCalculated> context)
    {
        var cause = context.Recorded();
        return reactor.ReactAsync(context, (order, ct) => payment.WhenTaxCalculatedAsync(cause, order, ct));
    }
}
