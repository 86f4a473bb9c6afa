using ChangeFeed.EventStore;
using ChangeFeed.MassTransit;
using MassTransit;
using Orders.Contracts;
using Orders.Hosting;

namespace Orders.Notification;

/// <summary>The events that may end an order in the eyes of the customer, and the wish of an agent to tell them again.</summary>
public sealed class WhenCustomerIsToBeTold(Reactor reactor, NotificationReactions notification, CosmosEventStore store)
    : IConsumer<OrderShipped>, IConsumer<PaymentDeclined>, IConsumer<PaymentRefunded>, IConsumer<OrderCancelled>, IConsumer<NotificationRequested>,
        IConsumer<NoticeDue>
{
    public Task Consume(ConsumeContext<OrderShipped> context) => NotifyAsync(context);

    public Task Consume(ConsumeContext<PaymentDeclined> context) => NotifyAsync(context);

    public Task Consume(ConsumeContext<PaymentRefunded> context) => NotifyAsync(context);

    public Task Consume(ConsumeContext<OrderCancelled> context) => NotifyAsync(context);

    public Task Consume(ConsumeContext<NotificationRequested> context) => NotifyAsync(context);

    /// <summary>A later try sends the same mail as the first.</summary>
    public async Task Consume(ConsumeContext<NoticeDue> context)
    {
        var stream = await store.ReadStreamAsync(context.Recorded().StreamId, context.CancellationToken);
        await NotifyAsync(context, stream.First(e => e.Meta.EventId == context.Message.About));
    }

    private Task NotifyAsync(ConsumeContext context, RecordedEvent? about = null)
    {
        var cause = context.Recorded();
        // A mail server does not know a mail by its id, and the mark of an erasure is not to be overlooked.
        return reactor.ReactAsync(
            context, (order, ct) => notification.WhenCustomerIsToBeToldAsync(cause, about ?? cause, order, ct), readsStream: true);
    }
}
