using ChangeFeed.EventStore;
using ChangeFeed.EventStore.Cosmos;

namespace ChangeFeed.Projections.Writing;

/// <summary>
/// Writes the documents that events of a stream change. The state is folded from the stream each time; each document is written only
/// over an older version of itself.
/// </summary>
public sealed class MultiDocumentWriter<TState,
    TDocument>(IMultiDocumentProjection<TState, TDocument> projection, IViewStore<TDocument> view, ReadStream readStream) : IViewWriter
    where TState : class
    where TDocument : class
{
    private const int ParallelWrites = 16;

    /// <inheritdoc/>
    /// <exception cref="StaleReadException">The stream was read without these events; try again.</exception>
    /// <exception cref="IOException">Lost against other writers again and again; try again.</exception>
    public async Task ApplyAsync(IReadOnlyList<RecordedEvent> run, CancellationToken cancellationToken)
    {
        if (!run.Any(projection.Concerns))
            return;
        var state = run.Aggregate(await BeforeAsync(run[0], cancellationToken), projection.Apply);
        if (state is null)
            return;
        var changed = projection.Documents(state).Where(d => projection.VersionOf(d.Document) >= run[0].Version);
        await Parallel.ForEachAsync(
            changed,
            new ParallelOptions { MaxDegreeOfParallelism = ParallelWrites, CancellationToken = cancellationToken },
            async (d, stop) => await WriteAsync(d.Key, d.Document, run[^1], stop));
    }

    private async Task<TState?> BeforeAsync(RecordedEvent first, CancellationToken cancellationToken)
    {
        TState? state = null;
        var expected = 0L;
        if (first.Version > 0)
        {
            await foreach (var e in readStream(first.StreamId, 0, first.Version - 1, cancellationToken))
            {
                state = projection.Apply(state, e);
                expected = e.Version + 1;
            }
        }

        return expected == first.Version ? state : throw new StaleReadException(first.StreamId, first.Version - 1);
    }

    private async Task WriteAsync(ViewKey key, TDocument document, RecordedEvent e, CancellationToken cancellationToken)
    {
        string? etag = null;
        for (var attempt = 1; attempt <= WriteAttempts.Max; attempt++)
        {
            if (await view.TryWriteAsync(key, document, etag, cancellationToken) is not null)
                return;
            var standing = await view.ReadAsync(key, cancellationToken);
            if (standing is { } s && projection.VersionOf(s.Document) >= projection.VersionOf(document))
                return;
            etag = standing?.ETag;
        }

        throw WriteAttempts.Exhausted(projection.Name, key, e);
    }
}
