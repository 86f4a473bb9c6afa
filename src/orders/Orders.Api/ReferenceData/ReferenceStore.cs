using System.Text.Json.Serialization.Metadata;
using ChangeFeed.EventStore;
using ChangeFeed.EventStore.Cosmos;
using ChangeFeed.ServiceDefaults;
using Microsoft.Azure.Cosmos;
using Orders.Contracts;
using Orders.Hosting;
using Orders.ReadModels;

namespace Orders.Api.ReferenceData;

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
    public Task<(T Document, string ETag)?> FindAsync(string id, CancellationToken cancellationToken) => container.FindAsync(id, id, json, cancellationToken);

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

            if (await container.TryWriteAsync(id, id, after, before?.ETag, json, cancellationToken) is { } written)
                return (before is null ? PutOutcome.Created : PutOutcome.Changed, after, written);
            // Another writer was faster: look again.
        }
    }
}
