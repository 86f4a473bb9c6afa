namespace ChangeFeed.Sinks;

/// <summary>
/// Writes to a store outside. Batches come from events that are delivered at least once, from several instances, and again after a crash
/// between a write and the checkpoint: so a write must be conditional, in the outside itself, on the version that is there.
/// One that is disposable is disposed when nothing writes any more.
/// </summary>
/// <typeparam name="TItem">What is written: <see cref="SinkDocument{TDocument}"/>, or <see cref="EventStore.RecordedEvent"/>.</typeparam>
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
