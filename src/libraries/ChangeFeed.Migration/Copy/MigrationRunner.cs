using ChangeFeed.EventStore;
using ChangeFeed.Migration.Plan;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.Migration.Copy;

/// <summary>
/// One process that carries documents. It takes its share of the ranges, a free one or one of whoever has most, and keeps to what the plan says:
/// paused, switching, given up, another generation.
/// </summary>
internal sealed class MigrationRunner(MigrationStore store, AccountClients accounts, Transformations transformations, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Pass = TimeSpan.FromMilliseconds(500);

    private readonly string _owner = ServiceInstance.NewName();
    private readonly RequestBudget _budget = new(time);
    private readonly Dictionary<string, (CancellationTokenSource Stop, Task Run)> _movers = [];
    private RangeWork? _work;
    private long? _abandoned;

    /// <summary>Carries until the migration is over, or, where asked, until every range has seen the end of its feed.</summary>
    /// <param name="untilCurrent">Whether to end there.</param>
    /// <param name="cancellationToken">Ends it; the ranges are free at once.</param>
    /// <exception cref="MigrationException">There is no such migration.</exception>
    /// <exception cref="CosmosException">A store does not answer for a minute.</exception>
    public async Task RunAsync(bool untilCurrent, CancellationToken cancellationToken)
    {
        var answered = time.GetTimestamp();
        try
        {
            while (true)
            {
                try
                {
                    if (await LookAsync(untilCurrent, cancellationToken))
                        return;
                    answered = time.GetTimestamp();
                }
                catch (Exception e) when (e is CosmosException or HttpRequestException && time.GetElapsedTime(answered) < Patience)
                {
                    // A store that restarts. The movers have their own leases, and say in their ranges what is wrong.
                }

                await Task.Delay(Pass, time, cancellationToken);
            }
        }
        finally
        {
            await StopAsync();
        }
    }

    /// <summary>Does what the plan says now.</summary>
    /// <returns>Whether there is nothing more to do.</returns>
    private async Task<bool> LookAsync(bool untilCurrent, CancellationToken cancellationToken)
    {
        var (plan, _) = await store.PlanAsync(cancellationToken);
        if (plan.State is MigrationState.Cancelled or MigrationState.Released)
            return true;
        if (plan.State != MigrationState.Running || plan.Generation != _work?.Plan.Generation || plan.Key != _work.Plan.Key)
            await StopAsync();
        if (plan.State == MigrationState.Switching)
            await TakeBackAsync(plan, cancellationToken);
        else
            _abandoned = null; // the next switch is not given up for what became of the last
        if (plan.State != MigrationState.Running)
            return false;
        _work ??= await RangeWork.CreateAsync(plan, accounts, transformations, _budget, time, cancellationToken);
        var ranges = await store.RangesAsync(plan, cancellationToken);
        if (untilCurrent && ranges.All(r => r.Range.CaughtUp is not null))
            return true;
        await TakeAsync(ranges, cancellationToken);
        _budget.Limit = plan.RequestUnits * Math.Max(1, _movers.Count) / plan.Ranges.Count;
        return false;
    }

    /// <summary>A switch that was killed keeps no range: carrying goes on.</summary>
    private async Task TakeBackAsync(MigrationPlan plan, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (!(await store.RangesAsync(plan, cancellationToken)).All(r => r.Range.IsFree(now)))
            _abandoned = null;
        else if (_abandoned is null)
            _abandoned = time.GetTimestamp();
        else if (time.GetElapsedTime(_abandoned.Value) > RangeMover.LeaseDuration * 2)
            await store.ChangePlanAsync(p => p.State == MigrationState.Switching ? p with { State = MigrationState.Running } : p, cancellationToken);
    }

    private async Task TakeAsync(IReadOnlyList<(MigrationRange Range, string? ETag)> ranges, CancellationToken cancellationToken)
    {
        foreach (var (id, mover) in _movers.Where(m => m.Value.Run.IsCompleted).ToList())
        {
            _movers.Remove(id);
            mover.Stop.Dispose();
            await mover.Run;
        }

        var now = time.GetUtcNow();
        var others = ranges.Where(r => !r.Range.IsFree(now) && r.Range.Owner != _owner).GroupBy(r => r.Range.Owner!).ToList();
        var share = (double)ranges.Count / (others.Count + 1);
        foreach (var (range, etag) in ranges.Where(r => r.Range.IsFree(now) && !_movers.ContainsKey(r.Range.Id)))
        {
            if (_movers.Count < Math.Ceiling(share))
                Start(range, etag, cancellationToken);
        }

        // Whoever has most gives one, which it notices at its next write.
        if (_movers.Count < Math.Floor(share) && others.MaxBy(o => o.Count()) is { } richest && richest.Count() > share)
            Start(richest.First().Range, richest.First().ETag, cancellationToken);
    }

    private void Start(MigrationRange range, string? etag, CancellationToken cancellationToken)
    {
        var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _movers[range.Id] = (stop, _work!.Mover(store, range, etag).RunAsync(_owner, stop.Token));
    }

    private async Task StopAsync()
    {
        foreach (var (stop, _) in _movers.Values)
            await stop.CancelAsync();
        await Task.WhenAll(_movers.Values.Select(m => m.Run));
        foreach (var (stop, _) in _movers.Values)
            stop.Dispose();
        _movers.Clear();
        _work = null;
    }
}
