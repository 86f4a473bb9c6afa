using ChangeFeed.EventStore;
using ChangeFeed.MassTransit.Engine;

namespace ChangeFeed.MassTransit.Handling;

/// <summary>Why an event could not be handled.</summary>
/// <param name="Exception">What was thrown last.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="IsPermanent">
/// It is the event itself that fails: trying again does not mend it, and it says nothing about the downstream.
/// </param>
/// <param name="IsOutside">It is the outside that fails, for whatever event: the event waits.</param>
internal sealed record HandlingFailure(Exception Exception, int Attempts, bool IsPermanent = false, bool IsOutside = false)
{
    /// <summary>The event and how it was delivered; null where it could not be read.</summary>
    public (RecordedEvent Event, FeedDelivery Delivery)? Of { get; init; }

    /// <summary>What becomes of the event.</summary>
    public FailurePolicy Under(FailurePolicy policy) => IsOutside ? FailurePolicy.Block : policy;
}

/// <summary>Where events wait that could not be handled, and what is known about the streams they belong to.</summary>
internal interface IParking
{
    /// <summary>Streams known here to be parked.</summary>
    int Count { get; }

    /// <summary>Reads which streams are parked. Before the first page of a tenure: another instance may have parked some.</summary>
    Task PrepareAsync(string lease, CancellationToken cancellationToken);

    /// <summary>True when the stream is parked, as far as known here. No request.</summary>
    bool IsParked(string stream);

    /// <summary>Puts an event behind the others of its parked stream. False when the stream turns out not to be parked any more.</summary>
    Task<bool> TryQueueAsync(FeedItem item, CancellationToken cancellationToken);

    /// <summary>Parks the stream with this event as its first. Also when it was parked before.</summary>
    Task ParkAsync(FeedItem item, HandlingFailure failure, CancellationToken cancellationToken);

    /// <summary>Keeps the event and lets the stream go on.</summary>
    Task SkipAsync(FeedItem item, HandlingFailure failure, CancellationToken cancellationToken);
}
