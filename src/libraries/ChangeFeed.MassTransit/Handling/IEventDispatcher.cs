using ChangeFeed.EventStore;


namespace ChangeFeed.MassTransit.Handling;

/// <summary>How handing an event to the consumers ended.</summary>
/// <param name="Failure">What the last attempt threw; null when all consumers are done.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="IsPermanent">The failure is of a kind that trying again does not mend.</param>
/// <param name="IsOutside">The failure says nothing about the event.</param>
internal readonly record struct DispatchResult(Exception? Failure, int Attempts, bool IsPermanent = false, bool IsOutside = false);

/// <summary>Hands events to the consumers of an endpoint, with their filters and retries.</summary>
internal interface IEventDispatcher
{
    /// <summary>True when a consumer takes events of this CLR type.</summary>
    bool Wants(Type type);

    /// <summary>Runs the consumers. Throws only when the token ended it.</summary>
    Task<DispatchResult> DispatchAsync(RecordedEvent e, FeedDelivery delivery, CancellationToken cancellationToken);
}
