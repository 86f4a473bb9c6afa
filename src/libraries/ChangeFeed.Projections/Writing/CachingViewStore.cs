namespace ChangeFeed.Projections.Writing;

/// <summary>
/// Keeps the documents it wrote, so that the next event of a stream needs no read. It may be behind what is there: whoever writes on
/// top of that is refused, as after a read that was overtaken, and then reads.
/// </summary>
/// <param name="view">Where the documents are.</param>
public sealed class CachingViewStore<TDocument>(IViewStore<TDocument> view) : IViewStore<TDocument>
    where TDocument : class
{
    // Streams that move at one moment, not all there are; a document is about a kilobyte.
    private const int MaxDocuments = 2_000;

    private readonly BoundedCache<ViewKey, (TDocument Document, string ETag)> _written = new(MaxDocuments);

    /// <inheritdoc/>
    public async Task<(TDocument Document, string ETag)?> ReadAsync(ViewKey key, CancellationToken cancellationToken) =>
        _written.TryGet(key, out var written) ? written : await view.ReadAsync(key, cancellationToken);

    /// <inheritdoc/>
    public async Task<string?> TryWriteAsync(ViewKey key, TDocument document, string? etag, CancellationToken cancellationToken)
    {
        // Removed first: of a write whose answer is lost nobody knows what is there.
        _written.Remove(key);
        if (await view.TryWriteAsync(key, document, etag, cancellationToken) is not { } written)
            return null;
        _written.Set(key, (document, written));
        return written;
    }
}
