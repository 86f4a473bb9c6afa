using System.Text.Json;
using ChangeFeed.EventStore;
using ChangeFeed.EventStore.Cosmos;
using ChangeFeed.MassTransit;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.Projections.Rebuild;

/// <summary>
/// Builds a version of a view from one range of the events: reads a window of some pages, applies the events of each stream in it as
/// one run, so that a stream that lies within a window is written once, and notes the position when all of a window is written. What is
/// in memory is bounded by two windows: one being written while the next is read.
/// </summary>
public sealed class RangeBuilder(ChangeFeedReader reader, IViewWriter writer, TimeProvider time, string owner, Action<string, string> unreadable)
{
    private const int PageSize = 1000;
    private const int WindowEvents = 8000;
    private const int WritesInFlight = 64;

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
        try
        {
            var options = new FeedReadOptions { Position = range.Position, Range = FeedRange.FromJsonString(range.Range), PageSize = PageSize };
            var writing = Task.CompletedTask;
            await foreach (var (events, position) in WindowsAsync(options, lost.Token))
            {
                await writing;
                writing = WriteAsync(events, position);
            }

            await writing;
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
            // A range that is left in order need not wait for its lease to run out.
            if (cancellationToken.IsCancellationRequested)
                await lease.SaveAsync(r => r with { Owner = null }, CancellationToken.None);
        }

        async Task WriteAsync(List<RecordedEvent> events, string position)
        {
            await Parallel.ForEachAsync(
                events.GroupBy(e => e.StreamId),
                new ParallelOptions { MaxDegreeOfParallelism = WritesInFlight, CancellationToken = lost.Token },
                async (stream, stop) => await ApplyAsync(stream, stop));
            if (!await lease.SaveAsync(r => r with { Position = position, Events = r.Events + events.Count }, lost.Token))
                await lost.CancelAsync();
            lost.Token.ThrowIfCancellationRequested();
            written(events.Count);
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
}
