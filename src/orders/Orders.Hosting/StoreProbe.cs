using System.Net;
using System.Text.Json;
using ChangeFeed.EventStore.Cosmos;
using Microsoft.Azure.Cosmos;

namespace Orders.Hosting;

/// <summary>
/// Tries what the event store and the rider stand on: batches are done as a whole or not at all, an id is taken once, If-Match is heeded, and the
/// change feed has a partition's changes in order. In a partition of its own, so any number of instances do it at once; its documents expire by
/// themselves where the process ends in the middle.
/// </summary>
internal sealed class StoreProbe(Container controls)
{
    private const string Kind = "self-check";
    private const int Lifetime = 60; // seconds
    private static readonly string[] Batch = ["1", "2", "3"];

    private readonly string _partition = $".{Kind}-{Guid.NewGuid():N}";

    private PartitionKey Key => new(_partition);

    /// <summary>What the store does otherwise, in a sentence; null when it does all of it.</summary>
    /// <exception cref="CosmosException">The store could not be asked, which may pass.</exception>
    public async Task<string?> FindProblemAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await RefusedBatchProblemAsync(cancellationToken)
                ?? await WriteProblemAsync(cancellationToken)
                ?? await FeedProblemAsync(cancellationToken);
        }
        finally
        {
            foreach (var id in Batch)
            {
                using var deleted = await controls.DeleteItemStreamAsync(id, Key, cancellationToken: cancellationToken);
            }
        }
    }

    private async Task<string?> RefusedBatchProblemAsync(CancellationToken cancellationToken)
    {
        using var refused = await controls.CreateTransactionalBatch(Key)
            .CreateItemStream(Document("1")).CreateItemStream(Document("2")).CreateItemStream(Document("1")).ExecuteAsync(cancellationToken);
        var isPartial = refused.IsSuccessStatusCode;
        foreach (var id in Batch[..2])
            isPartial |= await IsThereAsync(id, cancellationToken);
        if (isPartial)
            return "The store does not do a batch as a whole: one of its writes was refused and others were done. "
                + "It must be Azure Cosmos DB for NoSQL, and nothing in between may change requests.";
        return refused.StatusCode == HttpStatusCode.Conflict ? null : throw Failed(refused.StatusCode, refused.ErrorMessage);
    }

    private async Task<string?> WriteProblemAsync(CancellationToken cancellationToken)
    {
        var batch = controls.CreateTransactionalBatch(Key);
        foreach (var id in Batch)
            batch.CreateItemStream(Document(id));
        using var written = await batch.ExecuteAsync(cancellationToken);
        if (!written.IsSuccessStatusCode)
            throw Failed(written.StatusCode, written.ErrorMessage);

        using var again = await controls.CreateItemStreamAsync(Document("1"), Key, cancellationToken: cancellationToken);
        if (again.IsSuccessStatusCode)
            return "The store takes a second document with the same id: two events could have one place in a stream.";
        if (again.StatusCode != HttpStatusCode.Conflict)
            again.EnsureSuccessStatusCode();

        var condition = new ItemRequestOptions { IfMatchEtag = written[0].ETag };
        using var replaced = await controls.ReplaceItemStreamAsync(Document("1"), "1", Key, condition, cancellationToken);
        replaced.EnsureSuccessStatusCode();
        using var stale = await controls.ReplaceItemStreamAsync(Document("1"), "1", Key, condition, cancellationToken);
        if (stale.IsSuccessStatusCode)
            return "The store does not heed If-Match: two instances could take the same lease.";
        if (stale.StatusCode != HttpStatusCode.PreconditionFailed)
            stale.EnsureSuccessStatusCode();
        return null;
    }

    // The first was replaced, and is last now.
    private async Task<string?> FeedProblemAsync(CancellationToken cancellationToken)
    {
        string[] expected = [.. Batch[1..], Batch[0]];
        var seen = new List<string>();
        using var feed = controls.GetChangeFeedStreamIterator(
            ChangeFeedStartFrom.Beginning(FeedRange.FromPartitionKey(Key)), ChangeFeedMode.LatestVersion);
        while (seen.Count < expected.Length)
        {
            using var response = await feed.ReadNextAsync(cancellationToken);
            if (response.StatusCode == HttpStatusCode.NotModified)
                break;
            response.EnsureSuccessStatusCode();
            using var page = await DocumentPage.ReadAsync(response, cancellationToken);
            seen.AddRange(page.Documents.Select(document => document.GetProperty("id"u8).GetString()!));
        }

        return seen.SequenceEqual(expected)
            ? null
            : $"The change feed has the changes of a partition as {string.Join(", ", seen)} that were made as {string.Join(", ", expected)}: "
                + "events would be handled out of order.";
    }

    private async Task<bool> IsThereAsync(string id, CancellationToken cancellationToken)
    {
        using var read = await controls.ReadItemStreamAsync(id, Key, cancellationToken: cancellationToken);
        if (read.StatusCode != HttpStatusCode.NotFound)
            read.EnsureSuccessStatusCode();
        return read.IsSuccessStatusCode;
    }

    private MemoryStream Document(string id) =>
        new(JsonSerializer.SerializeToUtf8Bytes(new { id, endpoint = _partition, kind = Kind, ttl = Lifetime }), writable: false);

    private static CosmosException Failed(HttpStatusCode status, string message) => new(message, status, 0, "", 0);
}
