using System.Net;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.Emulator.Conformance.Tests.Model;

/// <summary>Does the steps of the model on a real container through the SDK.</summary>
internal sealed class RealContainer(Container container, Func<string, string?> etags)
{
    public async Task<int> DoAsync(ItemStep step)
    {
        var key = new PartitionKey(step.Key);
        try
        {
            var status = step switch
            {
                Create create => (await container.CreateItemAsync(Thing(create, create.N), key)).StatusCode,
                Upsert upsert => (await container.UpsertItemAsync(Thing(upsert, upsert.N), key, Options(step, upsert.IfMatch))).StatusCode,
                Replace replace =>
                    (await container.ReplaceItemAsync(Thing(replace, replace.N), step.Id, key, Options(step, replace.IfMatch))).StatusCode,
                Increment increment =>
                    (await container.PatchItemAsync<Thing>(
                        step.Id,
                        key,
                        [PatchOperation.Increment("/n", 1)],
                        new() { IfMatchEtag = Etag(step, increment.IfMatch) })).StatusCode,
                Delete delete => (await container.DeleteItemAsync<Thing>(step.Id, key, Options(step, delete.IfMatch))).StatusCode,
                _ => (await container.ReadItemAsync<Thing>(step.Id, key)).StatusCode,
            };
            return (int)status;
        }
        catch (CosmosException exception)
        {
            return (int)exception.StatusCode;
        }
    }

    public async Task<int[]> DoAsync(Batch batch)
    {
        var request = container.CreateTransactionalBatch(new(batch.Key));
        foreach (var step in batch.Steps)
        {
            request = step switch
            {
                Create create => request.CreateItem(Thing(create, create.N)),
                Upsert upsert => request.UpsertItem(Thing(upsert, upsert.N), new() { IfMatchEtag = BatchEtag(upsert.IfMatch) }),
                Replace replace =>
                    request.ReplaceItem(step.Id, Thing(replace, replace.N), new() { IfMatchEtag = BatchEtag(replace.IfMatch) }),
                Increment increment =>
                    request.PatchItem(step.Id, [PatchOperation.Increment("/n", 1)], new() { IfMatchEtag = BatchEtag(increment.IfMatch) }),
                Delete delete => request.DeleteItem(step.Id, new() { IfMatchEtag = BatchEtag(delete.IfMatch) }),
                _ => request.ReadItem(step.Id),
            };
        }
        using var response = await request.ExecuteAsync();
        return [.. response.Select(result => (int)result.StatusCode)];
    }

    /// <summary>Every item by query, by point read, and in the feeds of its key.</summary>
    public async Task<Dictionary<(string, string), int>> QueryAsync()
    {
        using var feed = container.GetItemQueryIterator<Thing>("SELECT * FROM c WHERE c.n >= 0", null, new() { MaxItemCount = 2 });
        var found = new Dictionary<(string, string), int>();
        while (feed.HasMoreResults)
            foreach (var thing in await feed.ReadNextAsync())
                found.Add((thing.pk, thing.id), thing.n);
        return found;
    }

    public async Task<(List<Thing> Things, string Continuation)> ReadFeedAsync(ChangeFeedStartFrom start, int pageSize)
    {
        using var feed = container.GetChangeFeedIterator<Thing>(start, ChangeFeedMode.Incremental, new() { PageSizeHint = pageSize });
        var things = new List<Thing>();
        // When a range turns out to be split, the SDK says "not modified" before it has asked the new ones.
        string? unmoved = null;
        while (true)
        {
            var page = await feed.ReadNextAsync();
            if (page.StatusCode == HttpStatusCode.NotModified && page.ContinuationToken == unmoved)
                return (things, page.ContinuationToken);
            unmoved = page.ContinuationToken;
            things.AddRange(page);
        }
    }

    private static Thing Thing(ItemStep step, int n) => new(step.Id, step.Key, n);

    private ItemRequestOptions Options(ItemStep step, Condition condition) => new() { IfMatchEtag = Etag(step, condition) };

    private string? Etag(ItemStep step, Condition condition) => condition switch
    {
        Condition.None => null,
        Condition.Stale => "\"00000000-0000-0000-0000-000000000000\"",
        _ => etags($"{step.Key}/{step.Id}"),
    };

    // Within a batch an item may have been written a moment ago, so its current etag cannot be known.
    private static string? BatchEtag(Condition condition) =>
        condition == Condition.Stale ? "\"00000000-0000-0000-0000-000000000000\"" : null;
}
