using ChangeFeed.EventStore;
using ChangeFeed.Projections;
using ChangeFeed.Projections.Writing;

namespace ChangeFeed.Sinks.Writing;

/// <summary>
/// What events make of documents: folded on from the one before, and from the stream where that is not known, as after a restart. The
/// outside is never asked, so it may be anything that can be written to.
/// </summary>
/// <param name="projection">What events make of a document.</param>
/// <param name="readStream">Reads what is not known.</param>
internal sealed class FoldedDocuments<TDocument>(IProjection<TDocument> projection, ReadStream readStream)
    where TDocument : class
{
    // Streams that move at one moment, not all there are.
    private const int MaxDocuments = 5_000;

    private readonly BoundedCache<string, (long Version, TDocument? Document)> _folded = new(MaxDocuments);

    /// <summary>The document as it is after an event; null when the stream is none the projection shows.</summary>
    /// <exception cref="StaleReadException">The stream was read without the event; try again.</exception>
    public async ValueTask<SinkDocument<TDocument>?> AtAsync(RecordedEvent e, CancellationToken cancellationToken)
    {
        var (version, document) = (-1L, default(TDocument));
        if (e.Version > 0 && _folded.TryGet(e.StreamId, out var known) && known.Version < e.Version)
            (version, document) = known;
        if (version + 1 < e.Version)
        {
            await foreach (var missed in readStream(e.StreamId, version + 1, e.Version - 1, cancellationToken))
                (version, document) = (missed.Version, projection.Apply(document, missed));
            if (version + 1 != e.Version)
                throw new StaleReadException(e.StreamId, e.Version - 1);
        }

        document = projection.Apply(document, e);
        _folded.Set(e.StreamId, (e.Version, document));
        return document is null ? null : new SinkDocument<TDocument>(e.StreamId, e.Version, projection.Ends(document) ? null : document);
    }
}
