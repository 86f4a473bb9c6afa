using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using ChangeFeed.EventStore.Cosmos;
using ChangeFeed.MassTransit.Engine;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.MassTransit.Positions;

/// <summary>
/// Reads the feed from a position of a lease on, and finds positions, by pulling. Where a pull reader stands is in a document of the SDK's, and in it is
/// the number a lease has: it is taken out of what the SDK made, and put in there.
/// </summary>
/// <param name="monitored">The documents.</param>
/// <param name="session">Session token of what must be seen at least; null for whatever the store shows.</param>
internal sealed class PositionFeed(Container monitored, string? session = null)
{
    private const string SessionHeader = "x-ms-session-token";

    /// <summary>The physical partitions a lease is of: more than one after a split that its owner has not noticed.</summary>
    public async Task<IReadOnlyList<FeedRange>> RangesAsync(string lease, CancellationToken cancellationToken)
    {
        var range = KeyRange.Parse(lease);
        var within = (await monitored.GetFeedRangesAsync(cancellationToken)).Where(r => range.Contains(KeyRange.Parse(r.ToJsonString()))).ToList();
        return within.Count > 0 ? within : [FeedRange.FromJsonString(lease)];
    }

    /// <summary>Page after page of what comes after a position. A page is gone when the next one is asked for.</summary>
    /// <param name="range">One partition.</param>
    /// <param name="after">The position; null for the beginning.</param>
    /// <param name="pageSize">Documents per page, a hint.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    /// <param name="since">Without a position, what was written since; null for the beginning.</param>
    public async IAsyncEnumerable<DocumentPage> ReadAsync(
        FeedRange range, long? after, int pageSize, [EnumeratorCancellation] CancellationToken cancellationToken, DateTimeOffset? since = null)
    {
        var from = after is { } lsn ? ChangeFeedStartFrom.ContinuationToken(With(await EndAsync(range, cancellationToken), lsn))
            : since is { } time ? ChangeFeedStartFrom.Time(time.UtcDateTime, range)
            : ChangeFeedStartFrom.Beginning(range);
        using var pages = Pages(from, pageSize);
        string? unmoved = null;
        while (true)
        {
            using var page = await pages.ReadPageAsync(cancellationToken);
            if (!page.IsEnd)
                yield return page;
            else if (page.Continuation == unmoved) // once more: after a split the SDK says so before it has asked the new partitions
                yield break;
            else
                unmoved = page.Continuation;
        }
    }

    /// <summary>The end as it is.</summary>
    public async Task<long> NowAsync(FeedRange range, CancellationToken cancellationToken) => PositionOf(await EndAsync(range, cancellationToken));

    /// <summary>The position before the first document that was written in the second of a moment or later; the end when there is none.</summary>
    public async Task<long?> BeforeAsync(FeedRange range, DateTimeOffset time, CancellationToken cancellationToken)
    {
        var second = time.ToUnixTimeSeconds();
        // A second earlier, as a store may take the moment as "later than"; what is earlier is passed over here.
        using var pages = Pages(ChangeFeedStartFrom.Time(DateTimeOffset.FromUnixTimeSeconds(second - 1).UtcDateTime, range), 100);
        string? unmoved = null;
        while (true)
        {
            using var page = await pages.ReadPageAsync(cancellationToken);
            foreach (var document in page.Documents)
                if (document.GetProperty("_ts"u8).GetInt64() >= second)
                    return LeasePosition.Before(LsnOf(document));
            if (page.IsEnd && page.Continuation == unmoved)
                return PositionOf(page.Continuation!);
            unmoved = page.IsEnd ? page.Continuation : null;
        }
    }

    /// <summary>Log sequence number of an event; null when there is no such event.</summary>
    public async Task<long?> FindAsync(string stream, long version, CancellationToken cancellationToken)
    {
        using (var document = await monitored.FindAsync(version.ToString(CultureInfo.InvariantCulture), stream, cancellationToken))
            if (document is null)
                return null;
        await foreach (var page in ReadAsync(FeedRange.FromPartitionKey(new PartitionKey(stream)), null, 1000, cancellationToken))
            foreach (var document in page.Documents)
                if (FeedItem.Read("", document).Header is { } header && header.Version == version)
                    return LsnOf(document);
        return null;
    }

    /// <summary>What a document of the feed is, and where.</summary>
    public static FeedPlace PlaceOf(JsonElement document)
    {
        var item = FeedItem.Read("", document);
        var written = DateTimeOffset.FromUnixTimeSeconds(document.GetProperty("_ts"u8).GetInt64());
        return new FeedPlace(LsnOf(document), written, item.Stream, item.Version, item.Header?.Type);
    }

    /// <summary>Log sequence number of a document of the feed.</summary>
    public static long LsnOf(JsonElement document) => document.GetProperty("_lsn"u8).GetInt64();

    private FeedIterator Pages(ChangeFeedStartFrom from, int pageSize) =>
        monitored.GetChangeFeedStreamIterator(from, ChangeFeedMode.LatestVersion, new ChangeFeedRequestOptions
        {
            PageSizeHint = pageSize,
            AddRequestHeaders = session is { Length: > 0 } ? headers => headers.Set(SessionHeader, session) : null,
        });

    private async Task<string> EndAsync(FeedRange range, CancellationToken cancellationToken)
    {
        using var pages = Pages(ChangeFeedStartFrom.Now(range), 1);
        using var page = await pages.ReadPageAsync(cancellationToken);
        return page.Continuation!; // a change feed always says where it goes on
    }

    private static long PositionOf(string continuation) =>
        States(JsonNode.Parse(continuation)!).Min(state => long.Parse(state["value"]!.GetValue<string>().Trim('"'), CultureInfo.InvariantCulture));

    private static string With(string continuation, long lsn)
    {
        var json = JsonNode.Parse(continuation)!;
        foreach (var state in States(json))
            state["value"] = LeasePosition.Write(lsn);
        return json.ToJsonString();
    }

    private static IEnumerable<JsonObject> States(JsonNode continuation) =>
        continuation["Continuation"]!.AsArray().Select(range => range!["State"]!.AsObject());
}
