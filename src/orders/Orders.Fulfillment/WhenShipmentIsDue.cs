using MassTransit;
using Microsoft.Extensions.Options;
using Orders.Contracts;
using Orders.Hosting;

namespace Orders.Fulfillment;

/// <summary>
/// Makes and removes the deadline of a shipment. An endpoint of its own: the deadline must be there while fulfillment waits for the carrier. It
/// looks a little later than the others, when most orders are shipped and need none.
/// </summary>
public sealed class WhenShipmentIsDue(Reactor reactor, IOptions<FulfillmentOptions> options)
    : IConsumer<PaymentCaptured>, IConsumer<OrderShipped>, IConsumer<FulfillmentRejected>, IConsumer<OrderCancelled>
{
    public Task Consume(ConsumeContext<PaymentCaptured> context) =>
        reactor.ScheduleAsync(context, stream => ShipmentDeadline.WhenPaid(stream, options.Value.Deadline));

    public Task Consume(ConsumeContext<OrderShipped> context) => reactor.ScheduleAsync(context, ShipmentDeadline.WhenSettled);

    public Task Consume(ConsumeContext<FulfillmentRejected> context) => reactor.ScheduleAsync(context, ShipmentDeadline.WhenSettled);

    public Task Consume(ConsumeContext<OrderCancelled> context) => reactor.ScheduleAsync(context, ShipmentDeadline.WhenSettled);
}
