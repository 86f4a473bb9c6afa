using System.Text.Json.Serialization.Metadata;
using ChangeFeed.EventStore;
using ChangeFeed.EventStore.Cosmos;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.Projections.Writing;

/// <summary>Documents of a view in a container.</summary>
public sealed class CosmosViewStore<TDocument>(Container container, JsonTypeInfo<TDocument> json) : IViewStore<TDocument>
    where TDocument : class
{
    /// <inheritdoc/>
    public Task<(TDocument Document, string ETag)?> ReadAsync(ViewKey key, CancellationToken cancellationToken) =>
        container.FindAsync(key.Id, key.PartitionKey, json, cancellationToken);

    /// <inheritdoc/>
    public Task<string?> TryWriteAsync(ViewKey key, TDocument document, string? etag, CancellationToken cancellationToken) =>
        container.TryWriteAsync(key.Id, key.PartitionKey, document, etag, json, cancellationToken);
}
