using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Azure.Cosmos;

namespace OrderPipeline.Views;

/// <summary>Where the documents of a view are kept.</summary>
public interface IViewContainer<TDocument>
    where TDocument : class
{
    /// <summary>The document and its etag; null when there is none.</summary>
    Task<(TDocument Document, string ETag)?> ReadAsync(ViewKey key, CancellationToken cancellationToken);

    /// <summary>Writes a document that was read with this etag, or that was not there.</summary>
    /// <returns>False when another writer was faster; nothing was written.</returns>
    Task<bool> TryWriteAsync(ViewKey key, TDocument document, string? etag, CancellationToken cancellationToken);
}

/// <summary>The same in Cosmos DB.</summary>
public sealed class ViewContainer<TDocument>(Container container, JsonTypeInfo<TDocument> json) : IViewContainer<TDocument>
    where TDocument : class
{
    public async Task<(TDocument Document, string ETag)?> ReadAsync(ViewKey key, CancellationToken cancellationToken)
    {
        using var response = await container.ReadItemStreamAsync(key.Id, new PartitionKey(key.PartitionKey), cancellationToken: cancellationToken);
        if (response.StatusCode == HttpStatusCode.NotFound)
            return null;
        response.EnsureSuccessStatusCode();
        var document = await JsonSerializer.DeserializeAsync(response.Content, json, cancellationToken);
        return (document ?? throw new JsonException($"Document '{key.Id}' of container '{container.Id}' is null."), response.Headers.ETag);
    }

    public async Task<bool> TryWriteAsync(ViewKey key, TDocument document, string? etag, CancellationToken cancellationToken)
    {
        var partition = new PartitionKey(key.PartitionKey);
        var options = new ItemRequestOptions { EnableContentResponseOnWrite = false, IfMatchEtag = etag };
        using var body = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(document, json), writable: false);
        using var response = etag is null
            ? await container.CreateItemStreamAsync(body, partition, options, cancellationToken)
            : await container.ReplaceItemStreamAsync(body, key.Id, partition, options, cancellationToken);
        // Not found: the document was deleted since it was read.
        if (response.StatusCode is HttpStatusCode.Conflict or HttpStatusCode.PreconditionFailed or HttpStatusCode.NotFound)
            return false;
        response.EnsureSuccessStatusCode();
        return true;
    }
}
