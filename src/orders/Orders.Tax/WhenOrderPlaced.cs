using ChangeFeed.MassTransit;
using MassTransit;
using Orders.Contracts;
using Orders.Hosting;

namespace Orders.Tax;

public sealed class WhenOrderPlaced(Reactor reactor, TaxRates rates) : IConsumer<OrderPlaced>
{
    public Task Consume(ConsumeContext<OrderPlaced> context)
    {
        var cause = context.Recorded();
        return reactor.ReactAsync(context, (order, _) => ValueTask.FromResult(TaxDecisions.WhenOrderPlaced(cause, order, rates)));
    }
}
