using Azure.Messaging.EventHubs;
using Azure.Messaging.EventHubs.Producer;
using ChangeFeed.Sinks;

namespace Orders.Outward;

/// <summary>
/// Tells others of orders by an event hub: the same CloudEvents as by the bus, with the order as partition key. The hub keeps a partition in
/// order, and the next event of an order is sent when the one before was taken.
/// </summary>
/// <param name="hub">What sends to the hub.</param>
public sealed class EventHubsSink(EventHubProducerClient hub) : ISink<SinkDocument<OutwardOrder>>, IAsyncDisposable
{
    /// <inheritdoc/>
    public async Task WriteAsync(IReadOnlyList<SinkDocument<OutwardOrder>> batch, CancellationToken cancellationToken)
    {
        try
        {
            await Task.WhenAll(batch.Select(order => order.Document?.Announcement).OfType<Announcement>().Select(SendAsync));

            Task SendAsync(Announcement announcement) =>
                hub.SendAsync([Event(announcement)], new SendEventOptions { PartitionKey = announcement.Subject }, cancellationToken);
        }
        catch (EventHubsException e) when (e.Reason == EventHubsException.FailureReason.MessageSizeExceeded)
        {
            throw new SinkRefusedException($"The event hub refuses it: {e.Message}", e);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw new SinkUnavailableException($"The event hub takes nothing: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => hub.DisposeAsync();

    private static EventData Event(Announcement announcement) =>
        new(CloudEventJson.Write(announcement)) { ContentType = CloudEventJson.MediaType, MessageId = announcement.Id };
}
