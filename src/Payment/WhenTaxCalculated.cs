using MassTransit;
using OrderPipeline.ChangeFeed;
using OrderPipeline.Contracts;
using OrderPipeline.ServiceDefaults;

namespace OrderPipeline.Payment;

public sealed class WhenTaxCalculated(Reactor reactor, PaymentReactions payment) : IConsumer<TaxCalculated>
{
    public Task Consume(ConsumeContext<TaxCalculated> context)
    {
        var cause = context.Recorded();
        return reactor.ReactAsync(context, (stream, ct) => payment.WhenTaxCalculatedAsync(cause, stream, ct));
    }
}
