using System.Text.Json;
using ChangeFeed.EventStore.Cosmos;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.MassTransit.Cosmos;

/// <summary>The changes of one logical partition from now on, asked for now and then: one request unit when there are none.</summary>
internal sealed class PartitionKeyFeed(Container container, string key)
{
    private string? _continuation;

    /// <summary>What changed since the last call; the first call only notes the place.</summary>
    public async Task<IReadOnlyList<JsonElement>> ReadAsync(CancellationToken cancellationToken)
    {
        var changes = new List<JsonElement>();
        var from = _continuation is null
            ? ChangeFeedStartFrom.Now(FeedRange.FromPartitionKey(new PartitionKey(key)))
            : ChangeFeedStartFrom.ContinuationToken(_continuation);
        using var pages = container.GetChangeFeedStreamIterator(from, ChangeFeedMode.LatestVersion);
        while (true)
        {
            using var page = await pages.ReadPageAsync(cancellationToken);
            if (page.IsEnd)
            {
                _continuation = page.Continuation;
                return changes;
            }

            changes.AddRange(page.Documents.Select(document => document.Clone()));
        }
    }
}
