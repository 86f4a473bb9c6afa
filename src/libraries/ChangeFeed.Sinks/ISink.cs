namespace ChangeFeed.Sinks;

/// <summary>
/// Writes to a store outside. Batches come from events that are delivered at least once, from several instances, and again after a crash
/// between a write and the checkpoint: so a write must be conditional, in the outside itself, on the version that is there.
/// One that is disposable is disposed when nothing writes any more.
/// </summary>
/// <typeparam name="TItem">
/// What is written: <see cref="SinkDocument{TDocument}"/>, <see cref="EventStore.RecordedEvent"/>, or <see cref="DeliveredEvent"/>.
/// </typeparam>
public interface ISink<in TItem>
{
    /// <summary>Writes what is newer than what is there; returns when all of it is safe. Any part of it may be there already.</summary>
    /// <param name="batch">Each key at most once.</param>
    /// <param name="cancellationToken">Ends the write when it has taken too long, or when the process stops.</param>
    /// <exception cref="SinkUnavailableException">The outside takes nothing at the moment: all of the batch is tried again.</exception>
    /// <exception cref="SinkRefusedException">The outside will never take one of them: the batch is halved until it is found.</exception>
    Task WriteAsync(IReadOnlyList<TItem> batch, CancellationToken cancellationToken);
}

/// <summary>A document as it is at one version of its stream.</summary>
/// <typeparam name="TDocument">What it is.</typeparam>
/// <param name="Key">The stream it was made of.</param>
/// <param name="Version">The version it has reached; only an older one, or none, may be replaced by it.</param>
/// <param name="Document">
/// The document; null when there is to be none any more. The outside keeps the version even then: an older document, written late, must not
/// come back.
/// </param>
public sealed record SinkDocument<TDocument>(string Key, long Version, TDocument? Document)
    where TDocument : class;

/// <summary>An event, and the place of the feed it came from.</summary>
/// <param name="Event">The event.</param>
/// <param name="Lease">The lease it came under, that is the physical partition. After a split, or when parked, it may come again under another.</param>
/// <param name="Lsn">Its place in the log of that partition; null where the store does not say. See <see cref="MassTransit.FeedDelivery.Lsn"/>.</param>
public sealed record DeliveredEvent(EventStore.RecordedEvent Event, string Lease, long? Lsn);
