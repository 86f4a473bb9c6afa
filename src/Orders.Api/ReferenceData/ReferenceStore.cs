using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Azure.Cosmos;
using OrderPipeline.Contracts;

namespace OrderPipeline.Orders.Api.ReferenceData;

/// <summary>What a PUT did.</summary>
internal enum PutOutcome
{
    Created,
    Changed,

    /// <summary>It already was as it was to be; nothing was written, and nobody hears of a change.</summary>
    Unchanged,

    /// <summary>It is not what the caller thought it was; nothing was written.</summary>
    NotAsExpected,
}

/// <summary>Documents that are changed in place; the partition key is the id.</summary>
internal sealed class ReferenceStore<T>(Container container, JsonTypeInfo<T> json)
    where T : class, IReferenceDocument
{
    /// <summary>A document and its etag; null when there is none.</summary>
    public async Task<(T Document, string ETag)?> FindAsync(string id, CancellationToken cancellationToken)
    {
        using var response = await container.ReadItemStreamAsync(id, new PartitionKey(id), cancellationToken: cancellationToken);
        if (response.StatusCode == HttpStatusCode.NotFound)
            return null;
        response.EnsureSuccessStatusCode();
        var document = await JsonSerializer.DeserializeAsync(response.Content, json, cancellationToken);
        return (document ?? throw new JsonException($"Document '{id}' of container '{container.Id}' is null."), response.Headers.ETag);
    }

    /// <summary>Writes what <paramref name="change"/> makes of the document; the last of several writers wins, and none goes unnoticed.</summary>
    /// <param name="id">The document.</param>
    /// <param name="expected">The etag it must have, or <c>*</c> for any; null when it need not be there.</param>
    /// <param name="change">The document as it is to be, from the one there is; the same one when nothing is to change.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<(PutOutcome Outcome, T? Document, string? ETag)> PutAsync(
        string id, string? expected, Func<T?, T> change, CancellationToken cancellationToken)
    {
        while (true)
        {
            var before = await FindAsync(id, cancellationToken);
            if (expected is not null && (before is null || (expected != "*" && expected != before.Value.ETag)))
                return (PutOutcome.NotAsExpected, null, null);
            var after = change(before?.Document);
            if (ReferenceEquals(after, before?.Document))
                return (PutOutcome.Unchanged, after, before.Value.ETag);

            var options = new ItemRequestOptions { EnableContentResponseOnWrite = false, IfMatchEtag = before?.ETag };
            using var body = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(after, json), writable: false);
            using var response = before is null
                ? await container.CreateItemStreamAsync(body, new PartitionKey(id), options, cancellationToken)
                : await container.ReplaceItemStreamAsync(body, id, new PartitionKey(id), options, cancellationToken);
            if (response.StatusCode is HttpStatusCode.Conflict or HttpStatusCode.PreconditionFailed or HttpStatusCode.NotFound)
                continue; // another writer was faster: look again
            response.EnsureSuccessStatusCode();
            return (before is null ? PutOutcome.Created : PutOutcome.Changed, after, response.Headers.ETag);
        }
    }
}
