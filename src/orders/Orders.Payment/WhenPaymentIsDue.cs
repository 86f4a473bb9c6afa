using MassTransit;
using Microsoft.Extensions.Options;
using Orders.Contracts;
using Orders.Hosting;

namespace Orders.Payment;

/// <summary>
/// Makes and removes the deadline of a payment. An endpoint of its own: the deadline must be there while payment waits for its gateway. It
/// looks a little later than the others, when most orders are paid and need none.
/// </summary>
public sealed class WhenPaymentIsDue(Reactor reactor, IOptions<PaymentOptions> options)
    : IConsumer<OrderPlaced>, IConsumer<PaymentCaptured>, IConsumer<PaymentDeclined>, IConsumer<OrderCancelled>
{
    public Task Consume(ConsumeContext<OrderPlaced> context) =>
        reactor.ScheduleAsync(context, stream => PaymentDeadline.WhenPlaced(stream, options.Value.Deadline));

    public Task Consume(ConsumeContext<PaymentCaptured> context) => reactor.ScheduleAsync(context, _ => PaymentDeadline.WhenSettled());

    public Task Consume(ConsumeContext<PaymentDeclined> context) => reactor.ScheduleAsync(context, _ => PaymentDeadline.WhenSettled());

    public Task Consume(ConsumeContext<OrderCancelled> context) => reactor.ScheduleAsync(context, _ => PaymentDeadline.WhenSettled());
}
