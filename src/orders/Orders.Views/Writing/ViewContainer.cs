using System.Text.Json.Serialization.Metadata;
using Microsoft.Azure.Cosmos;
using ChangeFeed.EventStore.Cosmos;
using ChangeFeed.ServiceDefaults;
using Orders.Hosting;

namespace Orders.Views;

/// <summary>Where the documents of a view are kept.</summary>
public interface IViewContainer<TDocument>
    where TDocument : class
{
    /// <summary>The document and its etag; null when there is none.</summary>
    Task<(TDocument Document, string ETag)?> ReadAsync(ViewKey key, CancellationToken cancellationToken);

    /// <summary>Writes a document that was read with this etag, or that was not there.</summary>
    /// <returns>The new etag; null when another writer was faster, and nothing was written.</returns>
    Task<string?> TryWriteAsync(ViewKey key, TDocument document, string? etag, CancellationToken cancellationToken);
}

/// <summary>The same in Cosmos DB.</summary>
public sealed class ViewContainer<TDocument>(Container container, JsonTypeInfo<TDocument> json) : IViewContainer<TDocument>
    where TDocument : class
{
    public Task<(TDocument Document, string ETag)?> ReadAsync(ViewKey key, CancellationToken cancellationToken) =>
        container.FindAsync(key.Id, key.PartitionKey, json, cancellationToken);

    public Task<string?> TryWriteAsync(ViewKey key, TDocument document, string? etag, CancellationToken cancellationToken) =>
        container.TryWriteAsync(key.Id, key.PartitionKey, document, etag, json, cancellationToken);
}
