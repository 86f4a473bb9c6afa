using System.Text.Json;
using ChangeFeed.EventStore;
using ChangeFeed.EventStore.Cosmos;
using ChangeFeed.MassTransit;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.Projections.Rebuild;

/// <summary>
/// Builds a version of a view from one range of the events: reads a window of some pages, applies the events of each stream in it as
/// one run, so that a stream that lies within a window is written once, and notes the position when all of a window, and of those before, is
/// written. The next windows are read and written meanwhile, each stream in its order: so writes that wait for company, as those of the SDK's bulk
/// mode do, find it in the window behind. What is in memory is bounded by the windows that are open.
/// </summary>
public sealed class RangeBuilder(ChangeFeedReader reader, IViewWriter writer, TimeProvider time, string owner, Action<string, string> unreadable)
{
    private const int OpenWindows = 3;

    // Some full requests of bulk mode, which takes a hundred writes.
    private const int WritesInFlight = 400;

    internal int PageSize { get; init; } = 1000;

    /// <summary>After so many events a window ends with the page.</summary>
    internal int WindowEvents { get; init; } = 6000;

    /// <summary>How long a process that does not show itself keeps its ranges.</summary>
    public static readonly TimeSpan LeaseDuration = TimeSpan.FromSeconds(5);

    /// <summary>Takes the range and builds on from where it stands.</summary>
    /// <returns>False when another process took it over, or has it.</returns>
    public async Task<bool> RunAsync(RebuildStore store, BuildRange range, string? etag, Action<int> written, CancellationToken cancellationToken)
    {
        var lease = new DocumentLease<BuildRange>(
            store.TrySetRangeAsync, (r, until) => r with { Until = until }, range with { Owner = owner }, etag, LeaseDuration, time);
        if (!await lease.SaveAsync(r => r, cancellationToken))
            return false;
        using var lost = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var keeping = lease.KeepAsync(lost);
        using var slots = new SemaphoreSlim(WritesInFlight);
        var latest = new Dictionary<string, Task>(StringComparer.Ordinal); // of each stream in the open windows
        var open = new Queue<Window>();
        try
        {
            var options = new FeedReadOptions { Position = range.Position, Range = FeedRange.FromJsonString(range.Range), PageSize = PageSize };
            await foreach (var (events, position) in WindowsAsync(options, lost.Token))
            {
                if (open.Count == OpenWindows)
                    await NoteOldestAsync();
                open.Enqueue(Begin(events, position));
            }

            while (open.Count > 0)
                await NoteOldestAsync();
            return await lease.SaveAsync(r => r with { Done = true, Owner = null }, cancellationToken);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
        finally
        {
            await lost.CancelAsync();
            await keeping;
            await Task.WhenAll(open.Select(window => window.Written)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            // A range that is left in order need not wait for its lease to run out.
            if (cancellationToken.IsCancellationRequested)
                await lease.SaveAsync(r => r with { Owner = null }, CancellationToken.None);
        }

        Window Begin(List<RecordedEvent> events, string position)
        {
            var streams = events.GroupBy(e => e.StreamId).Select(stream =>
            {
                var before = latest.GetValueOrDefault(stream.Key, Task.CompletedTask);
                return (stream.Key, Written: latest[stream.Key] = Task.Run(() => WriteAsync(stream, before), lost.Token));
            }).ToList();
            return new Window(streams, Task.WhenAll(streams.Select(stream => stream.Written)), events.Count, position);
        }

        async Task WriteAsync(IEnumerable<RecordedEvent> stream, Task before)
        {
            await before;
            await slots.WaitAsync(lost.Token);
            try
            {
                await ApplyAsync(stream, lost.Token);
            }
            finally
            {
                slots.Release();
            }
        }

        async Task NoteOldestAsync()
        {
            var window = open.Peek();
            await window.Written;
            open.Dequeue();
            foreach (var (stream, task) in window.Streams)
                if (latest.GetValueOrDefault(stream) == task)
                    latest.Remove(stream);
            if (!await lease.SaveAsync(r => r with { Position = window.Position, Events = r.Events + window.Events }, lost.Token))
                await lost.CancelAsync();
            lost.Token.ThrowIfCancellationRequested();
            written(window.Events);
        }
    }

    /// <summary>Where an event cannot be read, the view ends before it: as it does while the running views have the stream parked.</summary>
    private async Task ApplyAsync(IEnumerable<RecordedEvent> stream, CancellationToken cancellationToken)
    {
        var run = new List<RecordedEvent>();
        try
        {
            foreach (var e in stream)
            {
                if (run.Count > 0 && e.Version != run[^1].Version + 1)
                {
                    await writer.ApplyAsync(run, cancellationToken);
                    run = [];
                }

                run.Add(e);
            }

            await writer.ApplyAsync(run, cancellationToken);
        }
        catch (Exception e) when (e is EventDocumentException or UnknownEventException or JsonException or StaleReadException)
        {
            unreadable(run[0].StreamId, e.Message);
        }
    }

    private async IAsyncEnumerable<(List<RecordedEvent> Events, string Position)> WindowsAsync(
        FeedReadOptions options, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var events = new List<RecordedEvent>(WindowEvents + PageSize);
        string? position = null;
        await foreach (var page in reader.ReadAsync(options, cancellationToken))
        {
            events.AddRange(page.Events);
            position = page.Position;
            if (events.Count < WindowEvents)
                continue;
            yield return (events, position);
            (events, position) = (new List<RecordedEvent>(WindowEvents + PageSize), null);
        }

        if (position is not null)
            yield return (events, position);
    }

    /// <summary>Events that are being written.</summary>
    /// <param name="Streams">The write of each stream.</param>
    /// <param name="Written">All of them.</param>
    /// <param name="Events">How many events.</param>
    /// <param name="Position">Where the range goes on behind them.</param>
    private sealed record Window(IReadOnlyList<(string Stream, Task Written)> Streams, Task Written, int Events, string Position);
}
