using ChangeFeed.Migration.Copy;
using ChangeFeed.Migration.Plan;

namespace ChangeFeed.Migration.Switch;

/// <summary>All ranges of a generation, in the hands of a switch.</summary>
internal sealed class HeldRanges : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly CancellationTokenSource _stop = new();
    private readonly List<RangeMover> _movers = [];
    private readonly List<Task> _keeping = [];

    /// <summary>Whether this process still has all of them.</summary>
    public bool AreHeld => !_stop.IsCancellationRequested && _movers.All(m => m.IsHeld);

    /// <summary>Takes each as soon as its owner gives it back, or, by this process's own clock, can have it no longer.</summary>
    public static async Task<HeldRanges> TakeAsync(MigrationStore store, RangeWork work, string owner, CancellationToken cancellationToken)
    {
        var held = new HeldRanges();
        try
        {
            await Task.WhenAll(Enumerable.Range(0, work.Plan.Ranges.Count).Select(index => held.TakeAsync(store, work, index, owner, cancellationToken)));
            return held;
        }
        catch
        {
            await held.DisposeAsync();
            throw;
        }
    }

    /// <summary>Carries all ranges up to now, while others write.</summary>
    /// <exception cref="MigrationException">One was lost.</exception>
    public Task ToNowAsync(CancellationToken cancellationToken) => CarryAsync((mover, stop) => mover.ToNowAsync(stop), cancellationToken);

    /// <summary>Carries all ranges to the end, when nobody writes any more.</summary>
    /// <exception cref="MigrationException">One was lost.</exception>
    public Task ToEndAsync(string? sessionToken, CancellationToken cancellationToken) =>
        CarryAsync((mover, stop) => mover.ToEndAsync(sessionToken, stop), cancellationToken);

    private async Task CarryAsync(Func<RangeMover, CancellationToken, Task> carry, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stop.Token);
        try
        {
            await Task.WhenAll(_movers.Select(mover => carry(mover, either.Token)));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new MigrationException("Another process took a range over: the container that served goes on serving. Switch again.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_keeping);
        foreach (var mover in _movers)
            await mover.ReleaseAsync();
        _stop.Dispose();
    }

    private async Task TakeAsync(MigrationStore store, RangeWork work, int index, string owner, CancellationToken cancellationToken)
    {
        // An owner shows itself at least once in that time, and holds still when it reads that the plan is switching.
        var (seen, since) = ((string?)null, work.Time.GetTimestamp());
        while (true)
        {
            var (range, etag) = await store.RangeAsync(work.Plan, index, cancellationToken);
            if (etag != seen)
                (seen, since) = (etag, work.Time.GetTimestamp());
            if (range.Owner is null || work.Time.GetElapsedTime(since) > RangeMover.LeaseDuration * 1.1)
            {
                var mover = work.Mover(store, range, etag);
                if (await mover.TakeAsync(owner, cancellationToken))
                {
                    lock (_movers)
                    {
                        _movers.Add(mover);
                        _keeping.Add(mover.KeepAsync(_stop));
                    }

                    return;
                }
            }

            await Task.Delay(Pause, work.Time, cancellationToken);
        }
    }
}
