using ChangeFeed.EventStore;

namespace ChangeFeed.Projections.Writing;

/// <summary>Something the first event of a stream tells, cached for the streams that move.</summary>
/// <param name="tell">What it tells.</param>
/// <param name="readStream">Reads the first event where it is not known.</param>
public sealed class FirstEvents<T>(Func<RecordedEvent, T> tell, ReadStream readStream)
{
    private const int MaxStreams = 5_000;

    private readonly BoundedCache<string, T> _known = new(MaxStreams);

    /// <summary>What the first event of the stream of this event tells.</summary>
    /// <exception cref="StaleReadException">The stream was read without its first event; try again.</exception>
    public async ValueTask<T> OfAsync(RecordedEvent e, CancellationToken cancellationToken)
    {
        if (e.Version == 0)
            return Keep(e);
        if (_known.TryGet(e.StreamId, out var known))
            return known;
        await foreach (var first in readStream(e.StreamId, 0, 0, cancellationToken))
            return Keep(first);
        throw new StaleReadException(e.StreamId, e.Version);
    }

    private T Keep(RecordedEvent first) => _known.Set(first.StreamId, tell(first));
}
