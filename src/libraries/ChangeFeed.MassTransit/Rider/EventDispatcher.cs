using ChangeFeed.EventStore;
using ChangeFeed.MassTransit.Handling;
using MassTransit.Context;
using MassTransit.Transports;

namespace ChangeFeed.MassTransit.Rider;

/// <summary>Sends an event through the endpoint's pipe: filters, retry, consumers.</summary>
internal sealed class EventDispatcher(ChangeFeedEndpointConfigurator endpoint, ReceiveEndpointContext context, WantedTypes wanted) : IEventDispatcher
{
    private readonly IReceivePipeDispatcher _pipe = context.CreateReceivePipeDispatcher();

    public bool Wants(Type type) => wanted.Contains(type);

    public DeliveryMetrics Metrics => _pipe.GetMetrics();

    public async Task<DispatchResult> DispatchAsync(RecordedEvent e, FeedDelivery delivery, CancellationToken cancellationToken)
    {
        using var receive = new EventReceiveContext(e, delivery, context, cancellationToken);
        try
        {
            await _pipe.Dispatch(receive, NoLockReceiveContext.Instance);
            return new DispatchResult(null, delivery.Attempts);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception failure)
        {
            return new DispatchResult(failure, delivery.Attempts, endpoint.IsPermanent(failure), endpoint.IsOutside(failure));
        }
    }
}
