using System.Net;
using System.Text.Json.Nodes;
using ChangeFeed.Migration.Plan;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.Migration.Copy;

/// <summary>What became of changes.</summary>
/// <param name="Written">Documents written.</param>
/// <param name="Deleted">Marks written.</param>
/// <param name="Skipped">Documents that were there, as new or newer.</param>
/// <param name="Foreign">Documents somebody else made, left as they are.</param>
internal readonly record struct Outcome(int Written, int Deleted, int Skipped, int Foreign)
{
    public static Outcome operator +(Outcome one, Outcome other) => new(
        one.Written + other.Written, one.Deleted + other.Deleted, one.Skipped + other.Skipped, one.Foreign + other.Foreign);
}

/// <summary>
/// Writes to the target only what is newer than what is there. A document is read, then it is made sure that this process still has the range,
/// then it is replaced if its etag is still the one read: whoever writes in between is never overwritten.
/// </summary>
/// <param name="plan">The migration.</param>
/// <param name="target">Where to.</param>
/// <param name="budget">What may be spent.</param>
/// <param name="holds">Whether this process still has the range.</param>
internal sealed class TargetWriter(MigrationPlan plan, Container target, RequestBudget budget, Func<bool> holds)
{
    private const int MaxBatch = 100;
    private const int MaxBatchBytes = 1_500_000;

    private static readonly ItemRequestOptions NoContent = new() { EnableContentResponseOnWrite = false };
    private static readonly TransactionalBatchItemRequestOptions NoBatchContent = new() { EnableContentResponseOnWrite = false };

    /// <summary>Writes changes in their order.</summary>
    /// <exception cref="OperationCanceledException">The range was lost.</exception>
    /// <exception cref="CosmosException">The account refused.</exception>
    public async Task<Outcome> WriteAsync(IReadOnlyList<TargetChange> changes, CancellationToken cancellationToken)
    {
        var outcome = default(Outcome);
        foreach (var run in Runs(changes))
        {
            // New documents of one partition are written together: one request, and in order by themselves.
            if (run.Count > 1 && await TryCreateAsync(run, cancellationToken))
                outcome += Count(run);
            else
                foreach (var change in run)
                    outcome += await WriteAsync(change, cancellationToken);
        }

        return outcome;
    }

    private static Outcome Count(List<TargetChange> run)
    {
        var marks = run.Count(change => change.Stamp.Deleted);
        return new Outcome(run.Count - marks, marks, 0, 0);
    }

    private static IEnumerable<List<TargetChange>> Runs(IReadOnlyList<TargetChange> changes)
    {
        var (run, bytes, partition) = (new List<TargetChange>(), 0, "");
        foreach (var change in changes)
        {
            var next = KeyPaths.Text(change.Key);
            if (run.Count > 0 && (next != partition || run.Count == MaxBatch || bytes + change.Body.Length > MaxBatchBytes))
            {
                yield return run;
                (run, bytes) = ([], 0);
            }

            run.Add(change);
            (bytes, partition) = (bytes + change.Body.Length, next);
        }

        if (run.Count > 0)
            yield return run;
    }

    private async Task<bool> TryCreateAsync(List<TargetChange> run, CancellationToken cancellationToken)
    {
        Check();
        using var response = await budget.SendAsync(
            () =>
            {
                var batch = target.CreateTransactionalBatch(run[0].Partition);
                foreach (var change in run)
                    batch.CreateItemStream(new MemoryStream(change.Body, writable: false), NoBatchContent);
                return batch.ExecuteAsync(cancellationToken);
            },
            cancellationToken);
        if (!response.IsSuccessStatusCode && response.StatusCode != HttpStatusCode.Conflict)
            throw new CosmosException(response.ErrorMessage, response.StatusCode, 0, response.ActivityId, response.RequestCharge);
        return response.IsSuccessStatusCode;
    }

    private async Task<Outcome> WriteAsync(TargetChange change, CancellationToken cancellationToken)
    {
        for (var gone = 0; ;)
        {
            Check();
            using (var created = await budget.SendAsync(
                () => target.CreateItemStreamAsync(Body(change), change.Partition, NoContent, cancellationToken), cancellationToken))
            {
                if (created.StatusCode != HttpStatusCode.Conflict)
                {
                    created.EnsureSuccessStatusCode();
                    return change.Stamp.Deleted ? new Outcome(0, 1, 0, 0) : new Outcome(1, 0, 0, 0);
                }
            }

            using var found = await budget.SendAsync(
                () => target.ReadItemStreamAsync(change.Id, change.Partition, cancellationToken: cancellationToken), cancellationToken);
            if (found.StatusCode == HttpStatusCode.NotFound)
            {
                // Gone since: create it. Twice in a row it was something else that was there already.
                if (++gone < 3)
                    continue;
                throw new MigrationException($"{change.Key.ToJsonString()} is refused by a unique key of the target, which another document has.");
            }

            found.EnsureSuccessStatusCode();
            var there = (await JsonNode.ParseAsync(found.Content, cancellationToken: cancellationToken))!.AsObject();
            if (Verdict(there, change.Stamp) is { } verdict)
                return verdict;

            Check();
            var options = new ItemRequestOptions { EnableContentResponseOnWrite = false, IfMatchEtag = found.Headers.ETag };
            using var replaced = await budget.SendAsync(
                () => target.ReplaceItemStreamAsync(Body(change), change.Id, change.Partition, options, cancellationToken), cancellationToken);
            if (replaced.StatusCode is HttpStatusCode.PreconditionFailed or HttpStatusCode.NotFound)
                continue;
            replaced.EnsureSuccessStatusCode();
            return change.Stamp.Deleted ? new Outcome(0, 1, 0, 0) : new Outcome(1, 0, 0, 0);
        }
    }

    /// <summary>Null where what is there is to be replaced.</summary>
    private Outcome? Verdict(JsonObject there, DocumentStamp stamp)
    {
        if (DocumentStamp.OfCarried(there, plan.Key) is { } carried)
            return carried.IsOlderThan(stamp) ? null : new Outcome(0, 0, 1, 0);
        // Nobody but the migration writes to the target. In the first generation it began empty; later its documents are from when it served.
        return plan.IsFirst ? new Outcome(0, 0, 0, 1) : null;
    }

    private void Check()
    {
        if (!holds())
            throw new OperationCanceledException("The range belongs to another process now.");
    }

    private static MemoryStream Body(TargetChange change) => new(change.Body, writable: false);
}
