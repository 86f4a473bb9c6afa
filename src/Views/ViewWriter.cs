using OrderPipeline.Contracts;
using OrderPipeline.EventStore;

namespace OrderPipeline.Views;

/// <summary>Reads a part of a stream, in order.</summary>
public delegate IAsyncEnumerable<RecordedEvent> ReadStream(string streamId, long fromVersion, long toVersion, CancellationToken cancellationToken);

/// <summary>
/// Brings a document up to an event. Writes are conditional on what was read, so that neither redelivery nor a second instance ever
/// moves a view backwards; events the view has missed are read from the stream, so that it has no gap either.
/// </summary>
public sealed class ViewWriter<TDocument>(IProjection<TDocument> projection, IViewContainer<TDocument> view, ReadStream readStream)
    where TDocument : class
{
    /// <summary>Tries against other writers of one document before giving up; normally there is one writer.</summary>
    public const int MaxAttempts = 20;

    /// <summary>Applies an event, after those before it that are missing.</summary>
    /// <exception cref="StaleReadException">The stream was read without this event; try again.</exception>
    /// <exception cref="IOException">Lost against other writers <see cref="MaxAttempts"/> times; try again.</exception>
    public async Task ApplyAsync(RecordedEvent e, CancellationToken cancellationToken)
    {
        var id = projection.IdOf(e);
        for (var attempt = 1; attempt <= MaxAttempts; attempt++)
        {
            // The first event of a stream nearly always creates its document; if it was there, the write says so.
            var standing = e.Version == 0 && attempt == 1 ? null : await view.ReadAsync(id, cancellationToken);
            var reached = standing is { } s ? projection.VersionOf(s.Document) : -1;
            if (reached >= e.Version)
                return;

            var next = standing?.Document;
            if (reached + 1 < e.Version)
                next = await CatchUpAsync(next, reached + 1, e, cancellationToken);
            next = projection.Apply(next, e);
            if (next is null || await view.TryWriteAsync(id, next, standing?.ETag, cancellationToken))
                return;
        }

        throw new IOException($"Document '{id}' of view '{projection.Name}' was changed by others {MaxAttempts} times while event {e.Version} was applied.");
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
