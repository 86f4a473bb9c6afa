using Orders.Contracts;
using ChangeFeed.EventStore;
using Orders.Views.Denormalisation;

namespace Orders.Views;

/// <summary>
/// Brings the one document of a stream up to its events. Writes are conditional on what was read, so that neither redelivery nor a
/// second instance ever moves a view backwards; events the view has missed are read from the stream, so that it has no gap either.
/// <para>
/// Events are done only when the document is there with names that were true less than <see cref="KnownNames.MaxAge"/> before: from then
/// on it is found by whoever renames. docs/denormalisation.md has the argument.
/// </para>
/// </summary>
/// <param name="projection">What events make of a document.</param>
/// <param name="view">Where the documents are.</param>
/// <param name="readStream">Reads what the view has missed.</param>
/// <param name="names">What customers and products are called; null to write documents without names.</param>
public sealed class ViewWriter<TDocument>(
    IProjection<TDocument> projection, IViewContainer<TDocument> view, ReadStream readStream, KnownNames? names = null) : IViewWriter
    where TDocument : class
{
    private readonly Naming<TDocument>? _naming = names is not null && projection is IShowsNames<TDocument> shows ? new(shows, names) : null;
    private readonly FirstEvents<ViewKey?> _keys = new(projection.KeyOf, readStream);

    /// <inheritdoc/>
    /// <exception cref="StaleReadException">The stream was read without these events; try again.</exception>
    /// <exception cref="IOException">Lost against other writers again and again; try again.</exception>
    public async Task ApplyAsync(IReadOnlyList<RecordedEvent> run, CancellationToken cancellationToken)
    {
        var (first, last) = (run[0], run[^1]);
        if (await KeyAsync(first, cancellationToken) is not { } key)
            return;
        for (var attempt = 1; attempt <= WriteAttempts.Most; attempt++)
        {
            // The first event of a stream nearly always creates its document; if it was there, the write says so.
            var standing = first.Version == 0 && attempt == 1 ? null : await view.ReadAsync(key, cancellationToken);
            var reached = standing is { } s ? projection.VersionOf(s.Document) : -1;
            if (reached >= last.Version)
            {
                // Whoever made it may have crashed before it was sure of the names.
                await NameAsync(key, standing!.Value, last, cancellationToken);
                return;
            }

            var next = standing?.Document;
            if (reached + 1 < first.Version)
                next = await CatchUpAsync(next, reached + 1, first, cancellationToken);
            next = run.Where(e => e.Version > reached).Aggregate(next, projection.Apply);
            if (next is null)
                return;
            var asked = long.MaxValue;
            if (standing is null && _naming is not null)
                (next, asked) = await _naming.CompleteAsync(next, cancellationToken);
            if (await view.TryWriteAsync(key, next, standing?.ETag, cancellationToken) is null)
                continue;
            if (_naming?.IsCurrent(asked) == false)
                await NameAsync(key, await view.ReadAsync(key, cancellationToken), last, cancellationToken);
            return;
        }

        throw WriteAttempts.Exhausted(projection.Name, key, last);
    }

    // The first event of a stream goes through what remembers it, for the later ones that do not tell the key themselves.
    private async ValueTask<ViewKey?> KeyAsync(RecordedEvent e, CancellationToken cancellationToken) =>
        e.Version > 0 && projection.KeyOf(e) is { } own ? own : await _keys.OfAsync(e, cancellationToken);

    /// <summary>Sees to it that a document that was there before has the names there were after.</summary>
    private async Task NameAsync(ViewKey key, (TDocument Document, string ETag)? standing, RecordedEvent e, CancellationToken cancellationToken)
    {
        for (var attempt = 1; _naming is not null && standing is { } s; attempt++)
        {
            if (attempt > WriteAttempts.Most)
                throw WriteAttempts.Exhausted(projection.Name, key, e);
            var (named, _) = await _naming.CompleteAsync(s.Document, cancellationToken);
            if (ReferenceEquals(named, s.Document) || await view.TryWriteAsync(key, named, s.ETag, cancellationToken) is not null)
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

internal static class WriteAttempts
{
    /// <summary>Tries against other writers of one document before giving up; normally there is one writer.</summary>
    public const int Most = 20;

    public static IOException Exhausted(string view, ViewKey key, RecordedEvent e) => new(
        $"Document '{key.Id}' of view '{view}' was changed by others {Most} times while event {e.Version} of '{e.StreamId}' was applied.");
}
