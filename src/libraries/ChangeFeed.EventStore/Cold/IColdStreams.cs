namespace ChangeFeed.EventStore.Cold;

/// <summary>Where streams are that have left the container of the events.</summary>
public interface IColdStreams
{
    /// <summary>Reads the events of some streams, each from its first to the last that left, in their order.</summary>
    /// <param name="streams">The streams, as the marks say that were left in their place.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    /// <returns>All of them, by the id of the stream.</returns>
    /// <exception cref="ColdStreamException">One is not there as its mark says, or it cannot be looked for.</exception>
    Task<IReadOnlyDictionary<string, IReadOnlyList<RecordedEvent>>> ReadAsync(IReadOnlyList<ColdStream> streams, CancellationToken cancellationToken);
}

/// <summary>A stream whose first events have left the container.</summary>
/// <param name="StreamId">The stream.</param>
/// <param name="LastVersion">The last event that left; later ones are in the container.</param>
/// <param name="Hints">What whoever took them out noted, so that they are found quickly.</param>
public sealed record ColdStream(string StreamId, long LastVersion, IReadOnlyList<string> Hints);

/// <summary>A stream that has left the container cannot be read.</summary>
/// <param name="message">Which, and why not.</param>
/// <param name="inner">What was thrown.</param>
public sealed class ColdStreamException(string message, Exception? inner = null) : Exception(message, inner);
