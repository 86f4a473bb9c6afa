using ChangeFeed.EventStore;
using MassTransit;

namespace ChangeFeed.MassTransit.Rider;

/// <summary>
/// Gives what a consumer publishes or sends an id made from the event, the endpoint, the message type and its number among those: a
/// redelivered event sends the same ids again, and a receiver that remembers ids takes each message once.
/// </summary>
internal sealed class DeterministicMessageIds : IPublishObserver, ISendObserver
{
    public Task PrePublish<T>(PublishContext<T> context)
        where T : class => Identify<T>(context);

    public Task PreSend<T>(SendContext<T> context)
        where T : class => Identify<T>(context);

    public Task PostPublish<T>(PublishContext<T> context)
        where T : class => Task.CompletedTask;

    public Task PublishFault<T>(PublishContext<T> context, Exception exception)
        where T : class => Task.CompletedTask;

    public Task PostSend<T>(SendContext<T> context)
        where T : class => Task.CompletedTask;

    public Task SendFault<T>(SendContext<T> context, Exception exception)
        where T : class => Task.CompletedTask;

    private static Task Identify<T>(SendContext context)
    {
        if (context.TryGetPayload<ConsumeContext>(out var consume)
            && consume.TryGetPayload<FeedDelivery>(out var delivery)
            && consume.MessageId is { } eventId)
        {
            var type = typeof(T).FullName!;
            var number = delivery.Next(consume.GetRetryAttempt(), type);
            context.MessageId = DeterministicGuid.Create(eventId, FormattableString.Invariant($"{delivery.Endpoint}/{type}/{number}"));
        }

        return Task.CompletedTask;
    }
}
