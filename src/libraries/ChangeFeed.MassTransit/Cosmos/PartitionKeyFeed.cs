using System.Net;
using System.Text.Json;
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
            using var page = await pages.ReadNextAsync(cancellationToken);
            if (page.StatusCode == HttpStatusCode.NotModified)
            {
                _continuation = page.ContinuationToken;
                return changes;
            }

            page.EnsureSuccessStatusCode();
            using var json = await JsonDocument.ParseAsync(page.Content, cancellationToken: cancellationToken);
            changes.AddRange(json.RootElement.GetProperty("Documents"u8).EnumerateArray().Select(document => document.Clone()));
        }
    }
}
