using MassTransit;
using OrderPipeline.Contracts;

namespace OrderPipeline.ChangeFeed;

/// <summary>How an event reached this endpoint.</summary>
/// <param name="Endpoint">The endpoint: also its lease prefix, without the colon.</param>
/// <param name="Lease">The lease, that is the physical partition, it came under.</param>
public sealed record FeedDelivery(string Endpoint, string Lease)
{
    internal int Attempts { get; set; } = 1;
}

/// <summary>What a consumer can ask about the event it handles.</summary>
public static class ConsumeContextExtensions
{
    /// <summary>The event with its stream, version and origin.</summary>
    /// <exception cref="InvalidOperationException">The message did not come from the change feed.</exception>
    public static RecordedEvent Recorded(this ConsumeContext context) =>
        context.TryGetPayload<RecordedEvent>(out var e)
            ? e
            : throw new InvalidOperationException("This message did not come from the change feed: it has no recorded event.");

    /// <summary>The endpoint and lease the event came by.</summary>
    /// <exception cref="InvalidOperationException">The message did not come from the change feed.</exception>
    public static FeedDelivery Delivery(this ConsumeContext context) =>
        context.TryGetPayload<FeedDelivery>(out var delivery)
            ? delivery
            : throw new InvalidOperationException("This message did not come from the change feed: it has no delivery.");
}
