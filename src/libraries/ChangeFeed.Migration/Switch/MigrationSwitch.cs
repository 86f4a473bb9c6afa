using ChangeFeed.EventStore;
using ChangeFeed.Migration.Copy;
using ChangeFeed.Migration.Fencing;
using ChangeFeed.Migration.Plan;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.Migration.Switch;

/// <summary>
/// Lets the other side serve. Carries the last changes itself, when nobody can write any more, and opens the next epoch and the next generation
/// in one transaction. Killed before that, nothing happened: members go on by themselves, and so does carrying.
/// </summary>
/// <param name="store">The migration.</param>
/// <param name="directory">The directory entry.</param>
/// <param name="accounts">The accounts.</param>
/// <param name="transformations">The transformations.</param>
/// <param name="options">How long grants are good; the same as the members'.</param>
/// <param name="time">The time.</param>
/// <param name="progress">Told what is done.</param>
internal sealed class MigrationSwitch(
    MigrationStore store, EpochDirectory directory, AccountClients accounts, Transformations transformations, EpochOptions options, TimeProvider time,
    Action<string> progress)
{
    private const string Nobodys = "\"00000000-0000-0000-0000-000000000000\"";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly string _owner = ServiceInstance.NewName();

    /// <summary>Switches.</summary>
    /// <exception cref="MigrationException">It cannot be done as things are, or somebody came between; the side that served goes on.</exception>
    public async Task<SwitchResult> RunAsync(CancellationToken cancellationToken)
    {
        var plan = await store.ChangePlanAsync(p => p with { State = MigrationState.Switching }, cancellationToken);
        var budget = new RequestBudget(time);
        try
        {
            var work = await RangeWork.CreateAsync(plan, accounts, transformations, budget, time, cancellationToken);
            progress("Taking the ranges from those who carry them");
            await using var ranges = await HeldRanges.TakeAsync(store, work, _owner, cancellationToken);
            var marks = new Marks(work.TargetSide, budget);
            await ranges.ToNowAsync(cancellationToken);
            await marks.RemoveAsync(time.GetUtcNow() - (options.Validity * 2), cancellationToken);
            progress("Asking all members to look often");
            await WatchAsync(ranges, cancellationToken);
            await RehearseAsync(work, cancellationToken);
            return await SwitchAsync(work, ranges, marks, cancellationToken);
        }
        catch
        {
            await store.ChangePlanAsync(p => p.State == MigrationState.Switching ? p with { State = MigrationState.Running } : p, CancellationToken.None);
            throw;
        }
    }

    private async Task WatchAsync(HeldRanges ranges, CancellationToken cancellationToken)
    {
        await ChangeAsync(entry => entry with { Watch = true }, cancellationToken);
        var asked = time.GetTimestamp();
        // Whoever has not looked until then is waited for later, or is gone.
        while (time.GetElapsedTime(asked) < options.Validity && !(await directory.MembersAsync(cancellationToken)).All(m => m.Watching))
        {
            await ranges.ToNowAsync(cancellationToken);
            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    /// <summary>Does what is done while nobody may write, with an etag that nothing has: what runs for the first time in a process takes long.</summary>
    private async Task RehearseAsync(RangeWork work, CancellationToken cancellationToken)
    {
        var (entry, _) = await directory.ReadAsync(cancellationToken);
        var (plan, _) = await NextAsync(work, cancellationToken);
        await directory.TryOpenAsync(entry, Nobodys, plan, Nobodys, cancellationToken);
    }

    private async Task<SwitchResult> SwitchAsync(RangeWork work, HeldRanges ranges, Marks marks, CancellationToken cancellationToken)
    {
        progress("The epoch ends");
        var closing = await ChangeAsync(entry => entry with { Closing = true }, cancellationToken);
        try
        {
            var began = time.GetTimestamp();
            var (members, silent) = await ClosedAsync(closing.Entry, began, ranges, cancellationToken);
            var waited = time.GetElapsedTime(began);

            // Nobody writes any more: the end of the feed, behind all that anybody saw acknowledged, is the end.
            var session = SessionRecorder.Merge(members.Select(m => m.Session));
            await ranges.ToEndAsync(session, cancellationToken);
            await marks.RemoveAsync(time.GetUtcNow() + options.Validity, cancellationToken);
            var (plan, planETag) = await NextAsync(work, cancellationToken);
            var drained = time.GetElapsedTime(began) - waited;

            var next = closing.Entry.Reopened() with { Serving = work.Plan.Target, Since = time.GetUtcNow(), FormerSession = session };
            if (!ranges.AreHeld || !await directory.TryOpenAsync(next, closing.ETag, plan, planETag, cancellationToken))
                throw new MigrationException("Somebody came between, or it took too long: the container that served goes on serving. Switch again.");
            return new SwitchResult(next.Serving, next.Epoch, time.GetElapsedTime(began), waited, drained, members.Count, silent);
        }
        catch
        {
            // Where this fails too, the members do it by themselves.
            await directory.TrySetAsync(closing.Entry.Reopened(), closing.ETag, CancellationToken.None);
            throw;
        }
    }

    /// <summary>Waits until no member does anything any more: it says so, or its grant has run out.</summary>
    private async Task<(IReadOnlyList<Member> Members, int Silent)> ClosedAsync(
        DirectoryEntry closing, long began, HeldRanges ranges, CancellationToken cancellationToken)
    {
        while (true)
        {
            var members = await directory.MembersAsync(cancellationToken);
            var silent = members.Count(m => m.Closed != closing.Epoch);
            if (silent == 0 || time.GetElapsedTime(began) > options.Waited)
                return (members, silent);
            await ranges.ToNowAsync(cancellationToken);
            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    /// <summary>The next generation, the other way round: it follows what happens from here on.</summary>
    private async Task<(MigrationPlan Plan, string ETag)> NextAsync(RangeWork work, CancellationToken cancellationToken)
    {
        var (plan, etag) = await store.PlanAsync(cancellationToken);
        if (plan.Generation != work.Plan.Generation || plan.State != MigrationState.Switching)
            throw new MigrationException("The migration was changed while it was switched: the container that served goes on serving. Switch again.");
        var ranges = await work.TargetSide.RangesAsync(cancellationToken);
        var next = plan with
        {
            Generation = plan.Generation + 1,
            State = MigrationState.Running,
            Ranges = [.. ranges.Select(r => r.ToJsonString())],
            Versions = await Side.HasVersionsAsync(work.TargetSide.Container, cancellationToken),
        };
        await Task.WhenAll(next.Ranges.Select(async (range, index) =>
        {
            var position = await new RangeReader(work.TargetSide.Container, range, work.Budget)
                .NowAsync(next.Versions, accounts.SessionOf(work.Plan.Target), cancellationToken);
            var (known, knownETag) = await store.RangeAsync(next, index, cancellationToken);
            await store.TrySetRangeAsync(
                new MigrationRange(known.Id, known.Migration, next.Generation, range) { Phase = RangePhase.Follow, Position = position }, knownETag,
                cancellationToken);
        }));
        return (next, etag);
    }

    private async Task<(DirectoryEntry Entry, string ETag)> ChangeAsync(Func<DirectoryEntry, DirectoryEntry> change, CancellationToken cancellationToken)
    {
        while (true)
        {
            var (entry, etag) = await directory.ReadAsync(cancellationToken);
            if (entry.Closing)
                throw new MigrationException("Another switch is under way, or was killed: it is over in some seconds, then switch again.");
            var next = change(entry);
            if (await directory.TrySetAsync(next, etag, cancellationToken) is { } written)
                return (next, written);
        }
    }
}
