using System.Collections.Concurrent;
using ChangeFeed.EventStore;
using MassTransit;

namespace ChangeFeed.MassTransit;

/// <summary>How an event reached this endpoint.</summary>
/// <param name="Endpoint">The endpoint: also its lease prefix, without the colon.</param>
/// <param name="Lease">The lease, that is the physical partition, it came under.</param>
public sealed record FeedDelivery(string Endpoint, string Lease)
{
    private IReadOnlyList<RecordedEvent>? _ahead;
    private readonly ConcurrentDictionary<(int Attempt, string Type), int> _messages = new();

    /// <summary>
    /// True when nobody handled the event before, as far as one can tell: it was written while this instance owned the lease, a moment ago, and is
    /// tried for the first time. By the clock of its writer: where clocks differ by more than seconds this is wrong at times, and must not matter.
    /// </summary>
    public bool IsFresh { get; init; }

    /// <summary>
    /// At which place of the log of its physical partition the store wrote the event; null where the store does not say, as where a parked event is
    /// replayed from a copy. Grows within a partition. After a split the new partitions go on from it, and nothing is promised across partitions.
    /// </summary>
    public long? Lsn { get; init; }

    /// <summary>When the store wrote the event, by its own clock, in whole seconds; null where it does not say, as with <see cref="Lsn"/>.</summary>
    public DateTimeOffset? StoredAt { get; init; }

    /// <summary>
    /// The later events of the stream that came in the same page and have not been handled yet, in order and without a gap. Each is delivered in its
    /// turn all the same; a consumer that handles some of them now finds them done then.
    /// </summary>
    public IReadOnlyList<RecordedEvent> Ahead => _ahead ??= ReadAhead?.Invoke() ?? [];

    internal Func<IReadOnlyList<RecordedEvent>>? ReadAhead { get; init; }

    internal int Attempts { get; set; } = 1;

    /// <summary>Numbers the messages of a type that one attempt sends, so that the next attempt numbers them the same.</summary>
    internal int Next(int attempt, string type) => _messages.AddOrUpdate((attempt, type), 0, (_, last) => last + 1);
}

/// <summary>What a consumer can ask about the event it handles.</summary>
public static class ConsumeContextExtensions
{
    /// <summary>The event with its stream, version and origin.</summary>
    /// <param name="context">What the consumer was handed.</param>
    /// <exception cref="InvalidOperationException">The message did not come from the change feed.</exception>
    public static RecordedEvent Recorded(this ConsumeContext context) =>
        context.TryGetPayload<RecordedEvent>(out var e)
            ? e
            : throw new InvalidOperationException("This message did not come from the change feed: it has no recorded event.");

    /// <summary>The endpoint and lease the event came by.</summary>
    /// <param name="context">What the consumer was handed.</param>
    /// <exception cref="InvalidOperationException">The message did not come from the change feed.</exception>
    public static FeedDelivery Delivery(this ConsumeContext context) =>
        context.TryGetPayload<FeedDelivery>(out var delivery)
            ? delivery
            : throw new InvalidOperationException("This message did not come from the change feed: it has no delivery.");
}
