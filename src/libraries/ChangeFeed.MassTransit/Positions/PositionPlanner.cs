using ChangeFeed.MassTransit.Cosmos;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.MassTransit.Positions;

/// <summary>Where one partition is, and where it is to go.</summary>
/// <param name="Lease">Its lease.</param>
/// <param name="Range">Its keys.</param>
/// <param name="From">Where it is.</param>
/// <param name="Wanted">What the target means in it.</param>
/// <param name="OnlyBack">Whether a partition that is further behind than that stays where it is.</param>
internal sealed record PlannedLease(LeaseInfo Lease, KeyRange Range, long? From, long? Wanted, bool OnlyBack = false)
{
    public long? To => OnlyBack && (From ?? 0) < (Wanted ?? 0) ? From : Wanted;

    public bool Moves => (From ?? 0) != (To ?? 0);

    public StoredPosition Stored => new(Lease.Token, Range.Min, Range.Max, To);
}

/// <summary>Finds what a target means in each partition of an endpoint.</summary>
internal sealed class PositionPlanner(Container monitored, PositionFeed feed, TimeProvider time)
{
    /// <param name="leases">The leases of the endpoint.</param>
    /// <param name="target">Where it is to go on.</param>
    /// <param name="saved">With a target that was saved, the positions.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <exception cref="PositionException">There is no such place; the message says why.</exception>
    public async Task<IReadOnlyList<PlannedLease>> PlanAsync(
        IReadOnlyList<LeaseInfo> leases, PositionTarget target, SavedPosition? saved, CancellationToken cancellationToken)
    {
        var chosen = leases.Where(lease => target.Partition is null || lease.Token == target.Partition)
            .OrderBy(lease => lease.Token.Length).ThenBy(lease => lease.Token, StringComparer.Ordinal).ToList();
        if (chosen.Count == 0)
            throw new PositionException(
                "partition", $"There is no partition {target.Partition}; there are {string.Join(", ", leases.Select(lease => lease.Token))}.");
        if (target.Time > time.GetUtcNow())
            throw new PositionException("time", $"{target.Time:yyyy-MM-ddTHH:mm:ssZ} has not come yet; to skip what is there, skip to now.");
        if (target.Kind == PositionTargetKind.Event)
            return [await PlanEventAsync(chosen, target, cancellationToken)];

        var planned = new List<PlannedLease>();
        foreach (var lease in chosen)
        {
            var wanted = target.Kind switch
            {
                PositionTargetKind.Time => await LowestAsync(lease, r => feed.BeforeAsync(r, target.Time!.Value, cancellationToken)),
                PositionTargetKind.Now => await LowestAsync(lease, async r => await feed.NowAsync(r, cancellationToken)),
                PositionTargetKind.Saved => Find(saved!, KeyRange.Parse(lease.Range)),
                _ => null,
            };
            planned.Add(Plan(lease, wanted, target));
        }

        return planned;

        // After a split nobody has noticed a lease is of several partitions: nothing is skipped in any of them.
        async Task<long?> LowestAsync(LeaseInfo lease, Func<FeedRange, Task<long?>> find)
        {
            var lowest = long.MaxValue;
            foreach (var range in await feed.RangesAsync(lease.Range, cancellationToken))
                lowest = Math.Min(lowest, await find(range) ?? 0);
            return lowest == 0 ? null : lowest;
        }
    }

    /// <summary>The stored position of a range: its own, or that of the partition it was split from; of several that were merged the lowest.</summary>
    public static StoredPosition? Covering(IEnumerable<StoredPosition> positions, KeyRange range)
    {
        var all = positions.ToList();
        return all.FirstOrDefault(p => RangeOf(p).Contains(range)) ?? all.Where(p => range.Contains(RangeOf(p))).MinBy(p => p.Position ?? 0);

        static KeyRange RangeOf(StoredPosition position) => new(position.Min, position.Max);
    }

    private async Task<PlannedLease> PlanEventAsync(IReadOnlyList<LeaseInfo> leases, PositionTarget target, CancellationToken cancellationToken)
    {
        var (stream, version) = (target.StreamId!, target.Version!.Value);
        var lsn = await feed.FindAsync(stream, version, cancellationToken)
            ?? throw new PositionException("event", $"Stream '{stream}' has no event {version}.");
        var lease = await new StreamLocator(monitored).FindAsync(stream, leases, cancellationToken)
            ?? throw new PositionException("partition", $"Event {version} of stream '{stream}' is in another partition than {target.Partition}.");
        return Plan(lease, LeasePosition.Before(lsn), target);
    }

    private static PlannedLease Plan(LeaseInfo lease, long? wanted, PositionTarget target) => new(
        lease, KeyRange.Parse(lease.Range), LeasePosition.Read(lease.Token, lease.Continuation), wanted,
        OnlyBack: target.Kind is PositionTargetKind.Time or PositionTargetKind.Event);

    private static long? Find(SavedPosition saved, KeyRange range) => (Covering(saved.Partitions, range)
        ?? throw new PositionException("name", $"The position '{saved.Name}' was saved before partitions there are now, and says nothing of them.")).Position;
}
