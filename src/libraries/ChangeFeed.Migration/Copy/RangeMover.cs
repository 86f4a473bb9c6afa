using ChangeFeed.EventStore.Cosmos;
using ChangeFeed.Migration.Plan;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.Migration.Copy;

/// <summary>
/// Carries one range: copies what there is, then follows what happens. The position is noted when everything before it is written, so whatever
/// is killed repeats a little. One page is written while the next is read.
/// </summary>
/// <param name="work">What is carried, and what with.</param>
/// <param name="lease">This process's hold on the range.</param>
/// <param name="budget">What may be spent.</param>
internal sealed class RangeMover(RangeWork work, DocumentLease<MigrationRange> lease, RequestBudget budget)
{
    private const int WritesInFlight = 32;

    /// <summary>How long a process that does not show itself keeps its ranges.</summary>
    public static readonly TimeSpan LeaseDuration = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Current = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan SaysItIsCurrent = TimeSpan.FromSeconds(1);

    private readonly RangeReader _reader = new(work.SourceSide.Container, lease.Document.Range, budget);
    private readonly TargetWriter _writer = new(work.Plan, work.TargetSide.Container, budget, () => lease.IsHeld);
    private double _spent;

    /// <summary>Takes the range and carries it until it is lost or told to stop; then the range is free at once.</summary>
    public async Task RunAsync(string owner, CancellationToken cancellationToken)
    {
        if (!await TakeAsync(owner, cancellationToken))
            return;
        using var lost = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var keeping = KeepAsync(lost);
        string? problem = null;
        try
        {
            while (true)
            {
                await ToNowAsync(lost.Token);
                await Task.Delay(Poll, work.Time, lost.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // Lost, or told to stop.
        }
        catch (Exception e) when (e is MigrationException or CosmosException or HttpRequestException)
        {
            problem = e.Message.Split('\n')[0]; // whoever takes the range next tries again; status shows it
        }
        finally
        {
            await lost.CancelAsync();
            await keeping;
            await lease.SaveAsync(r => r with { Owner = null, Problem = problem ?? r.Problem }, CancellationToken.None);
        }
    }

    /// <summary>Takes the range.</summary>
    /// <returns>False when another process has it.</returns>
    public Task<bool> TakeAsync(string owner, CancellationToken cancellationToken) => lease.SaveAsync(r => r with { Owner = owner }, cancellationToken);

    /// <summary>Whether this process still has the range.</summary>
    public bool IsHeld => lease.IsHeld;

    /// <summary>Gives the range back.</summary>
    public Task ReleaseAsync() => lease.SaveAsync(r => r with { Owner = null }, CancellationToken.None);

    /// <summary>Keeps the range until <paramref name="stop"/>, which it cancels when the range is lost.</summary>
    public Task KeepAsync(CancellationTokenSource stop) => lease.KeepAsync(stop);

    /// <summary>Carries everything up to now.</summary>
    public async Task ToNowAsync(CancellationToken cancellationToken)
    {
        if (lease.Document.Phase == RangePhase.Copy)
        {
            // Taken before copying: what is deleted while it is copied is in the feed behind this place.
            if (work.Plan.Versions && lease.Document.FollowFrom is null)
            {
                var now = await _reader.NowAsync(true, null, cancellationToken);
                await SaveAsync(r => r with { FollowFrom = now }, cancellationToken);
            }

            await PassAsync(versions: false, work.Time.GetUtcNow(), null, cancellationToken);
            await SaveAsync(r => r with { Phase = RangePhase.Follow, Position = work.Plan.Versions ? r.FollowFrom : r.Position }, cancellationToken);
        }

        await PassAsync(work.Plan.Versions, work.Time.GetUtcNow(), null, cancellationToken);
    }

    /// <summary>Carries everything there is, when nobody writes any more.</summary>
    /// <param name="sessionToken">What must be seen at least; null for whatever the account shows.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task ToEndAsync(string? sessionToken, CancellationToken cancellationToken) =>
        PassAsync(work.Plan.Versions, null, sessionToken, cancellationToken);

    private async Task PassAsync(bool versions, DateTimeOffset? until, string? sessionToken, CancellationToken cancellationToken)
    {
        var writing = Task.CompletedTask;
        await foreach (var page in _reader.ReadAsync(versions, lease.Document.Position, until, sessionToken, cancellationToken))
        {
            var isCurrent = IsCurrent(page); // as it was read, however long writing takes
            await writing;
            writing = WriteAsync(page, isCurrent, cancellationToken);
        }

        await writing;
    }

    private async Task WriteAsync(ChangePage page, bool isCurrent, CancellationToken cancellationToken)
    {
        if (page.Changes.Count == 0 && page.Position == lease.Document.Position
            && lease.Document.CaughtUp is { } seen && work.Time.GetUtcNow() - seen < SaysItIsCurrent)
            return;
        var outcomes = new System.Collections.Concurrent.ConcurrentBag<Outcome>();
        // Documents of one logical partition in their order: a reader of the new feed sees a stream as it was written.
        await Parallel.ForEachAsync(
            page.Changes.GroupBy(change => KeyPaths.Text(work.SourceSide.Keys.KeyOf(change.Document))),
            new ParallelOptions { MaxDegreeOfParallelism = WritesInFlight, CancellationToken = cancellationToken },
            async (changes, stop) => outcomes.Add(await _writer.WriteAsync(Latest(changes.SelectMany(work.Transfer.Changes)), stop)));
        var sum = outcomes.Aggregate(default(Outcome), (one, other) => one + other);
        var charge = budget.Spent - _spent;
        _spent += charge;
        await SaveAsync(
            r => r with
            {
                Position = page.Position,
                Problem = null,
                Read = r.Read + page.Changes.Count,
                Written = r.Written + sum.Written,
                Deleted = r.Deleted + sum.Deleted,
                Skipped = r.Skipped + sum.Skipped,
                Foreign = r.Foreign + sum.Foreign,
                Charge = r.Charge + charge,
                CaughtUp = isCurrent && r.Phase == RangePhase.Follow ? work.Time.GetUtcNow() : r.CaughtUp,
            },
            cancellationToken);
    }

    private bool IsCurrent(ChangePage page) =>
        page.Changes.Count == 0 || page.Changes[^1].At >= work.Time.GetUtcNow().ToUnixTimeSeconds() - Current.TotalSeconds;

    /// <summary>Of several changes of one document the last: the ones before it would be overwritten at once.</summary>
    private static List<TargetChange> Latest(IEnumerable<TargetChange> changes)
    {
        var latest = new OrderedDictionary<string, TargetChange>();
        foreach (var change in changes)
        {
            var key = change.Key.ToJsonString();
            latest.Remove(key); // its place is where it changed last
            latest.Add(key, change);
        }

        return [.. latest.Values];
    }

    private async Task SaveAsync(Func<MigrationRange, MigrationRange> change, CancellationToken cancellationToken)
    {
        if (!await lease.SaveAsync(change, cancellationToken))
            throw new OperationCanceledException("The range belongs to another process now.");
    }
}
