using System.Runtime.CompilerServices;
using ChangeFeed.EventStore.Cosmos;
using ChangeFeed.Migration.Plan;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.Migration.Copy;

/// <summary>Some changes, and where to go on after them.</summary>
internal sealed record ChangePage(IReadOnlyList<SourceChange> Changes, string Position);

/// <summary>Reads one range of the source.</summary>
/// <param name="source">The container.</param>
/// <param name="range">The feed range, as the SDK writes it.</param>
/// <param name="budget">What may be spent.</param>
internal sealed class RangeReader(Container source, string range, RequestBudget budget)
{
    private const int PageSize = 200; // what a process that is killed has to do again at most
    private const string SessionHeader = "x-ms-session-token";

    private readonly FeedRange _range = FeedRange.FromJsonString(range);

    /// <summary>Where the feed stands now.</summary>
    public async Task<string> NowAsync(bool versions, string? sessionToken, CancellationToken cancellationToken)
    {
        var position = "";
        var mode = versions ? ChangeFeedMode.AllVersionsAndDeletes : ChangeFeedMode.LatestVersion;
        await foreach (var page in source.ReadFeedToEndAsync(ChangeFeedStartFrom.Now(_range), null, mode, Options(sessionToken), cancellationToken))
        {
            budget.Spend(page.RequestCharge);
            position = page.Continuation!;
        }

        return position;
    }

    /// <summary>Reads to the end, where a page is empty; or, where somebody writes all the time, to what was written after a time.</summary>
    /// <param name="versions">All versions and deletes, or the latest version of each document.</param>
    /// <param name="position">Where to begin; null for the beginning.</param>
    /// <param name="until">The time, by this machine's clock; null for the end, which is only there when nobody writes.</param>
    /// <param name="sessionToken">What must be seen at least; null for whatever the account shows.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    public async IAsyncEnumerable<ChangePage> ReadAsync(
        bool versions, string? position, DateTimeOffset? until, string? sessionToken, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var start = position is null ? ChangeFeedStartFrom.Beginning(_range) : ChangeFeedStartFrom.ContinuationToken(position);
        var mode = versions ? ChangeFeedMode.AllVersionsAndDeletes : ChangeFeedMode.LatestVersion;
        await budget.WaitAsync(cancellationToken);
        await foreach (var page in source.ReadFeedToEndAsync(start, position, mode, Options(sessionToken), cancellationToken))
        {
            budget.Spend(page.RequestCharge);
            List<SourceChange> changes = [.. page.Documents.Select(d => versions ? SourceChange.OfVersion(d) : SourceChange.OfLatest(d))];
            yield return new ChangePage(changes, page.Continuation!);
            if (until is { } time && changes.Count > 0 && changes[^1].At > time.ToUnixTimeSeconds())
                yield break;
            await budget.WaitAsync(cancellationToken);
        }
    }

    private static ChangeFeedRequestOptions Options(string? sessionToken) => new()
    {
        PageSizeHint = PageSize,
        AddRequestHeaders = sessionToken is { Length: > 0 } ? headers => headers.Set(SessionHeader, sessionToken) : null,
    };
}
