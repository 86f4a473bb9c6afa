namespace ChangeFeed.Projections.Writing;

/// <summary>Where the documents of a view are kept.</summary>
public interface IViewStore<TDocument>
    where TDocument : class
{
    /// <summary>The document and its etag; null when there is none.</summary>
    Task<(TDocument Document, string ETag)?> ReadAsync(ViewKey key, CancellationToken cancellationToken);

    /// <summary>Writes a document that was read with this etag, or that was not there.</summary>
    /// <returns>The new etag; null when another writer was faster, and nothing was written.</returns>
    Task<string?> TryWriteAsync(ViewKey key, TDocument document, string? etag, CancellationToken cancellationToken);
}
