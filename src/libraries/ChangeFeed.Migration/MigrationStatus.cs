using ChangeFeed.Migration.Fencing;
using ChangeFeed.Migration.Plan;

namespace ChangeFeed.Migration;

/// <summary>How a migration stands.</summary>
/// <param name="Plan">What it is.</param>
/// <param name="Directory">Which container serves.</param>
/// <param name="Ranges">How far each range is.</param>
/// <param name="Documents">Documents of the source, as counted.</param>
public sealed record MigrationStatus(MigrationPlan Plan, DirectoryEntry Directory, IReadOnlyList<MigrationRange> Ranges, long Documents)
{
    /// <summary>Whether everything is copied and the end of the feed was seen in every range.</summary>
    public bool IsCurrent => Ranges.All(r => r is { Phase: RangePhase.Follow, CaughtUp: not null, Problem: null });
}
