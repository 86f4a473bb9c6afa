using ChangeFeed.EventStore;

namespace ChangeFeed.Projections.Writing;

/// <summary>
/// Brings the one document of a stream up to its events. Writes are conditional on what was read, so that neither redelivery nor a
/// second instance ever moves a view backwards; events the view has missed are read from the stream, so that it has no gap either.
/// <para>
/// Where documents are enriched, events are done only when the document is there with values that are current: from then on it is found
/// by whoever changes such a value.
/// </para>
/// </summary>
/// <param name="projection">What events make of a document.</param>
/// <param name="view">Where the documents are.</param>
/// <param name="readStream">Reads what the view has missed.</param>
/// <param name="enricher">Adds what does not come from events; null to write documents without it.</param>
public sealed class ViewWriter<TDocument>(
    IProjection<TDocument> projection, IViewStore<TDocument> view, ReadStream readStream, IDocumentEnricher<TDocument>? enricher = null) : IViewWriter
    where TDocument : class
{
    private readonly FirstEvents<ViewKey?> _keys = new(projection.KeyOf, readStream);

    /// <inheritdoc/>
    /// <exception cref="StaleReadException">The stream was read without these events; try again.</exception>
    /// <exception cref="IOException">Lost against other writers again and again; try again.</exception>
    public async Task ApplyAsync(IReadOnlyList<RecordedEvent> run, CancellationToken cancellationToken)
    {
        var (first, last) = (run[0], run[^1]);
        if (await KeyAsync(first, cancellationToken) is not { } key)
            return;
        for (var attempt = 1; attempt <= WriteAttempts.Max; attempt++)
        {
            // The first event of a stream nearly always creates its document; if it was there, the write says so.
            var standing = first.Version == 0 && attempt == 1 ? null : await view.ReadAsync(key, cancellationToken);
            var reached = standing is { } s ? projection.VersionOf(s.Document) : -1;
            if (reached >= last.Version)
            {
                // Whoever made it may have crashed before it was sure of that.
                await EnrichAsync(key, standing!.Value, last, cancellationToken);
                return;
            }

            var next = standing?.Document;
            if (reached + 1 < first.Version)
                next = await CatchUpAsync(next, reached + 1, first, cancellationToken);
            next = run.Where(e => e.Version > reached).Aggregate(next, projection.Apply);
            if (next is null)
                return;
            var asked = long.MaxValue;
            if (standing is null && enricher is not null)
                (next, asked) = await enricher.CompleteAsync(next, cancellationToken);
            if (await view.TryWriteAsync(key, next, standing?.ETag, cancellationToken) is null)
                continue;
            if (enricher?.IsCurrent(asked) == false)
                await EnrichAsync(key, await view.ReadAsync(key, cancellationToken), last, cancellationToken);
            return;
        }

        throw WriteAttempts.Exhausted(projection.Name, key, last);
    }

    // The first event of a stream goes through what remembers it, for the later ones that do not tell the key themselves.
    private async ValueTask<ViewKey?> KeyAsync(RecordedEvent e, CancellationToken cancellationToken) =>
        e.Version > 0 && projection.KeyOf(e) is { } own ? own : await _keys.OfAsync(e, cancellationToken);

    /// <summary>Sees to it that a document that was there before is as complete as it could be after.</summary>
    private async Task EnrichAsync(ViewKey key, (TDocument Document, string ETag)? standing, RecordedEvent e, CancellationToken cancellationToken)
    {
        for (var attempt = 1; enricher is not null && standing is { } s; attempt++)
        {
            if (attempt > WriteAttempts.Max)
                throw WriteAttempts.Exhausted(projection.Name, key, e);
            var (complete, _) = await enricher.CompleteAsync(s.Document, cancellationToken);
            if (ReferenceEquals(complete, s.Document) || await view.TryWriteAsync(key, complete, s.ETag, cancellationToken) is not null)
                return;
            standing = await view.ReadAsync(key, cancellationToken);
        }
    }

    private async Task<TDocument?> CatchUpAsync(TDocument? document, long from, RecordedEvent e, CancellationToken cancellationToken)
    {
        var expected = from;
        await foreach (var missed in readStream(e.StreamId, from, e.Version - 1, cancellationToken))
        {
            document = projection.Apply(document, missed);
            expected = missed.Version + 1;
        }

        return expected == e.Version ? document : throw new StaleReadException(e.StreamId, e.Version - 1);
    }
}
