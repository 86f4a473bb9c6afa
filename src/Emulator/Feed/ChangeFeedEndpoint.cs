using System.Globalization;
using OrderPipeline.Emulator.Http;
using OrderPipeline.Emulator.Resources;
using OrderPipeline.Emulator.Storage;

namespace OrderPipeline.Emulator.Feed;

/// <summary>Answers change feed reads, at once or, where the client asked for it, when there is something to say.</summary>
sealed class ChangeFeedEndpoint(EmulatorState state, CancellationToken stopping)
{
    const int DefaultPage = 1000;
    static readonly TimeSpan MaxHold = TimeSpan.FromSeconds(50);

    public async Task Read(CosmosRequest request, Container container)
    {
        var mode = request.Header(Headers.ChangeFeed);
        if (!string.Equals(mode, "Incremental Feed", StringComparison.OrdinalIgnoreCase))
            throw CosmosError.NotImplemented($"a change feed of the kind '{mode}'");

        var target = RequestTarget.From(request, container);
        if (target.Partitions.Count != 1)
            throw CosmosError.BadRequest($"A change feed read names one partition: by {Headers.PartitionKey} or {Headers.PartitionKeyRangeId}.");

        var start = ChangeFeedStart.From(request);
        var hold = Hold(request);
        var deadline = state.Time.GetUtcNow() + hold;
        while (true)
        {
            // The signal is taken before reading: a commit in between completes it.
            var changed = target.Partition.Changed;
            var lsn = target.Partition.Lsn;
            using var page = new FeedPage(container.RidText);
            var continueAfter = start.Now || start.AfterLsn >= lsn ? Math.Max(lsn, start.AfterLsn ?? 0) : ReadPage(request, target, start, lsn, page);
            var remaining = deadline - state.Time.GetUtcNow();
            if (page.Count > 0 || remaining <= TimeSpan.Zero || stopping.IsCancellationRequested)
            {
                await Answer(request.Http.Response, target.Partition, lsn, continueAfter, page);
                return;
            }

            // What was found empty stays empty, so the next look begins here.
            start = new(continueAfter, false, null);
            await Wait(changed, remaining, request.Aborted);
            target = RequestTarget.From(request, container);
            if (container.IsDropped)
                throw CosmosError.NotFound($"The container '{container.Id}' was deleted.");
        }
    }

    long ReadPage(CosmosRequest request, RequestTarget target, ChangeFeedStart start, long lsn, FeedPage page)
    {
        using var session = state.Store.Read();
        session.Pin();
        return LatestVersionFeed.Read(session, target, start, request.MaxItemCount ?? DefaultPage, state.Now, lsn, page);
    }

    static TimeSpan Hold(CosmosRequest request)
    {
        if (request.Header(Headers.LongPoll) is not { } text)
            return TimeSpan.Zero;
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds))
            throw CosmosError.BadRequest($"{Headers.LongPoll} is '{text}'; it must be a number of milliseconds.");
        var hold = TimeSpan.FromMilliseconds(milliseconds);
        return hold < MaxHold ? hold : MaxHold;
    }

    async Task Wait(Task changed, TimeSpan remaining, CancellationToken aborted)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(aborted, stopping);
        try
        {
            await changed.WaitAsync(remaining, ending.Token);
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

    static async Task Answer(HttpResponse response, Partition partition, long lsn, long continueAfter, FeedPage page)
    {
        response.Session(partition, Math.Max(lsn, continueAfter));
        response.Headers.ETag = string.Create(CultureInfo.InvariantCulture, $"\"{continueAfter}\"");
        response.Headers[Headers.ItemCount] = page.Count.ToString(CultureInfo.InvariantCulture);
        response.Charge(RequestCharge.Feed(page.Count == 0 ? 0 : page.Length));
        if (page.Count == 0)
            await response.Empty(304);
        else
            await response.Bytes(200, page.Finish());
    }
}
