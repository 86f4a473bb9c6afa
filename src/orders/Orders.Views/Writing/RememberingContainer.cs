namespace Orders.Views;

/// <summary>
/// Remembers the documents it wrote, so that the next event of an order needs no read. It may be behind what is there: whoever writes on
/// top of that is refused, as after a read that was overtaken, and then reads.
/// </summary>
public sealed class RememberingContainer<TDocument>(IViewContainer<TDocument> view) : IViewContainer<TDocument>
    where TDocument : class
{
    // Orders under way at one moment, not all there are; a document is about a kilobyte.
    private const int Remembered = 2_000;

    private readonly Recent<ViewKey, (TDocument Document, string ETag)> _written = new(Remembered);

    public async Task<(TDocument Document, string ETag)?> ReadAsync(ViewKey key, CancellationToken cancellationToken) =>
        _written.TryGet(key, out var written) ? written : await view.ReadAsync(key, cancellationToken);

    public async Task<string?> TryWriteAsync(ViewKey key, TDocument document, string? etag, CancellationToken cancellationToken)
    {
        // Forgotten first: of a write whose answer is lost nobody knows what is there.
        _written.Forget(key);
        if (await view.TryWriteAsync(key, document, etag, cancellationToken) is not { } written)
            return null;
        _written.Remember(key, (document, written));
        return written;
    }
}
