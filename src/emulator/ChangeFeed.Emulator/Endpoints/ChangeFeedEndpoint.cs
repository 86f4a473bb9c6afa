using System.Globalization;
using ChangeFeed.Emulator.Engine;
using ChangeFeed.Emulator.Engine.Feed;
using ChangeFeed.Emulator.Engine.Items;
using ChangeFeed.Emulator.Model;
using ChangeFeed.Emulator.Model.Partitioning;
using ChangeFeed.Emulator.Protocol;

namespace ChangeFeed.Emulator.Endpoints;

/// <summary>Answers change feed reads, at once or, where the client asked for it, when there is something to say.</summary>
internal sealed class ChangeFeedEndpoint(EngineState state, CancellationToken stopping)
{
    private const int DefaultPage = 1000;
    private static readonly Task Never = new TaskCompletionSource().Task;
    private static readonly TimeSpan MaxHold = TimeSpan.FromSeconds(50);

    public async Task ReadAsync(CosmosRequest request, Container container)
    {
        var allVersions = AllVersions(request);
        var start = request.ChangeFeedStart();
        if (allVersions)
            CheckVersions(container, start);

        request.CheckSession(Target(request, container).Partition);
        var deadline = state.Time.GetUtcNow() + Milliseconds(request, Headers.LongPoll);
        var linger = Milliseconds(request, Headers.Linger);
        using var page = new FeedPage(container.RidText) { Wake = WakeRule.Parse(request.Header(Headers.Wake)) };
        while (true)
        {
            var target = Target(request, container);
            // The signal is taken before reading: a commit in between completes it.
            var changed = target.Partition.Changed;
            var lsn = target.Partition.Lsn;
            var before = page.Count;
            var continueAfter = ReadPage(request, target, start, lsn, allVersions, page);
            var now = state.Time.GetUtcNow();
            if (before == 0 && page.Count > 0)
                deadline = Earlier(deadline, now + linger);
            if (now >= deadline || page.Wakes || page.IsFull || page.Count >= MaxItems(request) || stopping.IsCancellationRequested)
            {
                await AnswerAsync(request.Http.Response, target.Partition, lsn, continueAfter, page);
                return;
            }
            // What was looked at is in the page or of no interest, so the next look begins here.
            start = new(continueAfter, false, null);
            // Where all documents are alike there is no need to look at each that comes.
            await WaitAsync(page is { Count: > 0, Wake: null } ? Never : changed, deadline - now, request.Aborted);
        }
    }

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;

    private static int MaxItems(CosmosRequest request) => request.MaxItemCount ?? DefaultPage;

    private static ReadTarget Target(CosmosRequest request, Container container)
    {
        if (container.IsDropped)
            throw CosmosErrorException.NotFound($"The container '{container.Id}' was deleted.");
        var target = request.ReadTarget(container);
        return target.Partitions.Count == 1
            ? target
            : throw CosmosErrorException.BadRequest(
                $"A change feed read names one partition, by {Headers.PartitionKey} or {Headers.PartitionKeyRangeId}.");
    }

    private static bool AllVersions(CosmosRequest request) => request.Header(Headers.ChangeFeed) switch
    {
        { } mode when mode.Equals("Incremental Feed", StringComparison.OrdinalIgnoreCase) => false,
        { } mode when mode.Equals("Full-Fidelity Feed", StringComparison.OrdinalIgnoreCase) => true,
        var mode =>
            throw CosmosErrorException.BadRequest(
                $"{Headers.ChangeFeed} is '{mode}'; it must be 'Incremental Feed' or 'Full-Fidelity Feed'."),
    };

    private static void CheckVersions(Container container, ChangeFeedStart start)
    {
        if (container.Definition.VersionRetention is null)
            throw CosmosErrorException.BadRequest(
                $"Container '{container.Id}' keeps no versions and deletes; "
                + "create it with a changeFeedPolicy that has a retentionDuration.");
        if (start is { AfterLsn: null, Now: false })
            throw CosmosErrorException.BadRequest(
                "The change feed of all versions and deletes starts now or at a continuation, not at the beginning or at a time.");
    }

    private long ReadPage(CosmosRequest request, ReadTarget target, ChangeFeedStart start, long lsn, bool allVersions, FeedPage page)
    {
        if (start.Now || start.AfterLsn >= lsn)
            return Math.Max(lsn, start.AfterLsn ?? 0);
        using var session = state.Store.Read();
        session.Pin();
        return allVersions
            ? VersionsFeed.Read(session, target, start.AfterLsn!.Value, MaxItems(request), lsn, page)
            : LatestVersionFeed.Read(session, target, start, MaxItems(request), state.Now, lsn, page);
    }

    private static TimeSpan Milliseconds(CosmosRequest request, string header)
    {
        if (request.Header(header) is not { } text)
            return TimeSpan.Zero;
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds))
            throw CosmosErrorException.BadRequest($"{header} is '{text}'; it must be a number of milliseconds.");
        var hold = TimeSpan.FromMilliseconds(milliseconds);
        return hold < MaxHold ? hold : MaxHold;
    }

    private async Task WaitAsync(Task changed, TimeSpan remaining, CancellationToken aborted)
    {
        if (remaining <= TimeSpan.Zero)
            return;
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(aborted, stopping);
        try
        {
            await changed.WaitAsync(remaining, state.Time, ending.Token);
        }
        catch (TimeoutException)
        {
            // The client's time is over; it is told that nothing happened.
        }
        catch (OperationCanceledException) when (!aborted.IsCancellationRequested)
        {
            // Shutting down: answered like a time-out, so that the client comes back later.
        }
    }

    private static async Task AnswerAsync(HttpResponse response, Partition partition, long lsn, long continueAfter, FeedPage page)
    {
        response.Session(partition, Math.Max(lsn, continueAfter));
        response.Headers.ETag = string.Create(CultureInfo.InvariantCulture, $"\"{continueAfter}\"");
        response.Headers[Headers.ItemCount] = page.Count.ToString(CultureInfo.InvariantCulture);
        response.Charge(RequestCharge.Feed(page.Charge));
        if (page.Count == 0)
            await response.WriteEmptyAsync(304);
        else
            await response.WriteBytesAsync(200, page.Finish());
    }
}
