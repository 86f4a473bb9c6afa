using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.EventStore;

/// <summary>Reads and writes documents of known shape. What another writer made impossible is an answer, not an exception.</summary>
public static class Documents
{
    /// <summary>A document and its etag; null when there is none. One request unit per KB.</summary>
    /// <exception cref="JsonException">It is none of this shape.</exception>
    /// <exception cref="CosmosException">The store refused.</exception>
    public static async Task<(T Document, string ETag)?> FindAsync<T>(
        this Container container, string id, string partitionKey, JsonTypeInfo<T> json, CancellationToken cancellationToken)
        where T : class
    {
        using var response = await container.ReadItemStreamAsync(id, new PartitionKey(partitionKey), cancellationToken: cancellationToken);
        if (response.StatusCode == HttpStatusCode.NotFound)
            return null;
        response.EnsureSuccessStatusCode();
        var document = await JsonSerializer.DeserializeAsync(response.Content, json, cancellationToken);
        return (document ?? throw new JsonException($"Document '{id}' of container '{container.Id}' is null."), response.Headers.ETag);
    }

    /// <summary>Writes a document that was read with this etag, or that was not there.</summary>
    /// <param name="container">Where it is.</param>
    /// <param name="id">Its id.</param>
    /// <param name="partitionKey">Its partition.</param>
    /// <param name="document">As it is to be.</param>
    /// <param name="etag">The etag it was read with; null to make it.</param>
    /// <param name="json">Its shape.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The new etag; null when another writer was faster, and nothing was written.</returns>
    /// <exception cref="CosmosException">The store refused for another reason.</exception>
    public static async Task<string?> TryWriteAsync<T>(
        this Container container, string id, string partitionKey, T document, string? etag, JsonTypeInfo<T> json, CancellationToken cancellationToken)
        where T : class
    {
        var options = new ItemRequestOptions { EnableContentResponseOnWrite = false, IfMatchEtag = etag };
        using var body = Body(document, json);
        using var response = etag is null
            ? await container.CreateItemStreamAsync(body, new PartitionKey(partitionKey), options, cancellationToken)
            : await container.ReplaceItemStreamAsync(body, id, new PartitionKey(partitionKey), options, cancellationToken);
        // Not found: the document was deleted since it was read.
        if (response.StatusCode is HttpStatusCode.Conflict or HttpStatusCode.PreconditionFailed or HttpStatusCode.NotFound)
            return null;
        response.EnsureSuccessStatusCode();
        return response.Headers.ETag;
    }

    /// <summary>Writes a document whatever is there.</summary>
    /// <exception cref="CosmosException">The store refused.</exception>
    public static async Task UpsertAsync<T>(
        this Container container, string partitionKey, T document, JsonTypeInfo<T> json, CancellationToken cancellationToken)
        where T : class
    {
        using var body = Body(document, json);
        using var response = await container.UpsertItemStreamAsync(
            body, new PartitionKey(partitionKey), new ItemRequestOptions { EnableContentResponseOnWrite = false }, cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    private static MemoryStream Body<T>(T document, JsonTypeInfo<T> json) => new(JsonSerializer.SerializeToUtf8Bytes(document, json), writable: false);
}
