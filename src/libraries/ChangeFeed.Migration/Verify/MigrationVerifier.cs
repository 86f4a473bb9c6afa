using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using ChangeFeed.EventStore.Cosmos;
using ChangeFeed.Migration.Copy;
using ChangeFeed.Migration.Plan;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.Migration.Verify;

/// <summary>
/// Compares both sides while they are written. Of every document of the source changed since the last look, what is to become of it is looked
/// for in the target; of every document of the target written since then, whether the source still has what it came from. What differs is looked
/// at again until it is equal or has had time to become so. In memory is one page of each range.
/// </summary>
/// <param name="store">The migration.</param>
/// <param name="work">Its sides.</param>
/// <param name="settling">How long two documents that differ may take to become equal.</param>
internal sealed class MigrationVerifier(MigrationStore store, RangeWork work, TimeSpan settling)
{
    private const int ReadsInFlight = 32;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly ConcurrentQueue<string> _differences = new();
    private readonly RequestBudget _budget = new(work.Time, work.Budget);
    private readonly Pairs _pairs = new(work);
    private long _compared;

    /// <summary>Looks at everything that changed since the last look that found nothing.</summary>
    /// <param name="full">Whether to look at everything.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<VerifyReport> RunAsync(bool full, CancellationToken cancellationToken)
    {
        var targetRanges = await work.TargetSide.RangesAsync(cancellationToken);
        await Task.WhenAll(
            [
                .. work.Plan.Ranges.Select((range, index) =>
                    RangeAsync(work.SourceSide, range, $"source-{index}", full, _pairs.OfSourceAsync, cancellationToken)),
                .. targetRanges.Select(r => r.ToJsonString()).Select((range, index) =>
                    RangeAsync(work.TargetSide, range, $"target-{index}-of-{targetRanges.Count}", full, _pairs.OfTargetAsync, cancellationToken)),
            ]);
        var source = await CountAsync(work.SourceSide.Container, cancellationToken);
        var target = await CountAsync(work.TargetSide.Container, cancellationToken);
        return new VerifyReport(
            source, target, Interlocked.Read(ref _compared), [.. _differences.Take(VerifyReport.Told)], _differences.Count, _budget.Spent);
    }

    private async Task RangeAsync(
        Side side, string range, string name, bool full, Func<JsonObject, CancellationToken, Task<string?>> compare, CancellationToken cancellationToken)
    {
        var id = $"verified-g{work.Plan.Generation}-{name}";
        var known = full ? null : (await store.FindVerifiedAsync(id, cancellationToken))?.Document;
        var reader = new RangeReader(side.Container, range, _budget);
        var (position, documents, clean) = (known?.Position, known?.Documents ?? 0, true);
        await foreach (var page in reader.ReadAsync(versions: false, position, work.Time.GetUtcNow(), null, cancellationToken))
        {
            var different = await CompareAsync([.. page.Changes.Select(change => change.Document)], compare, cancellationToken);
            foreach (var difference in different)
                _differences.Enqueue(difference);
            Interlocked.Add(ref _compared, page.Changes.Count);
            clean &= different.Count == 0;
            documents += page.Changes.Count;
            // Only up to where all was equal: what differs is looked at again the next time.
            if (clean && page.Position != position)
                await store.SetVerifiedAsync(new VerifiedRange(id, store.Migration, page.Position, documents), cancellationToken);
            position = page.Position;
        }
    }

    private async Task<IReadOnlyList<string>> CompareAsync(
        IReadOnlyList<JsonObject> documents, Func<JsonObject, CancellationToken, Task<string?>> compare, CancellationToken cancellationToken)
    {
        var started = work.Time.GetTimestamp();
        while (true)
        {
            var open = new ConcurrentQueue<(JsonObject Document, string Difference)>();
            await Parallel.ForEachAsync(
                documents,
                new ParallelOptions { MaxDegreeOfParallelism = ReadsInFlight, CancellationToken = cancellationToken },
                async (document, stop) =>
                {
                    if (await compare(document, stop) is { } difference)
                        open.Enqueue((document, difference));
                });
            if (open.IsEmpty || work.Time.GetElapsedTime(started) > settling)
                return [.. open.Select(o => o.Difference)];
            documents = [.. open.Select(o => o.Document)];
            await Task.Delay(Pause, work.Time, cancellationToken);
        }
    }

    private async Task<long> CountAsync(Container container, CancellationToken cancellationToken)
    {
        await _budget.WaitAsync(cancellationToken);
        var query = new QueryDefinition($"SELECT VALUE COUNT(1) FROM c WHERE NOT IS_DEFINED(c.{DocumentStamp.Property}.deleted)");
        var counts = await container.QueryAsync(query, count => count.GetInt64(), cancellationToken: cancellationToken);
        return counts.Sum();
    }
}
