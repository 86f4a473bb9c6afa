namespace ChangeFeed.Migration.Plan;

/// <summary>How far a range is.</summary>
public enum RangePhase
{
    /// <summary>What there is is copied.</summary>
    Copy,

    /// <summary>What happens is followed.</summary>
    Follow,
}

/// <summary>One range of the source, and how far it was carried.</summary>
/// <param name="Id">Id of the document.</param>
/// <param name="Migration">The migration, which is its partition.</param>
/// <param name="Generation">The generation it belongs to.</param>
/// <param name="Range">The feed range, as the SDK writes it.</param>
public sealed record MigrationRange(string Id, string Migration, int Generation, string Range)
{
    /// <summary>Copying, or following.</summary>
    public RangePhase Phase { get; init; }

    /// <summary>Where to go on reading in this phase; null at its beginning.</summary>
    public string? Position { get; init; }

    /// <summary>Where the feed of all versions stood before copying began: following begins there.</summary>
    public string? FollowFrom { get; init; }

    /// <summary>Documents read.</summary>
    public long Read { get; init; }

    /// <summary>Documents written.</summary>
    public long Written { get; init; }

    /// <summary>Deletes carried.</summary>
    public long Deleted { get; init; }

    /// <summary>Documents that were there already, as new as or newer than what was to be written.</summary>
    public long Skipped { get; init; }

    /// <summary>Documents of the target that somebody else made and that were left as they are.</summary>
    public long Foreign { get; init; }

    /// <summary>Request units used.</summary>
    public double Charge { get; init; }

    /// <summary>When the end of the feed was last seen, UTC; null before.</summary>
    public DateTimeOffset? CaughtUp { get; init; }

    /// <summary>Why it does not go on; null while it does.</summary>
    public string? Problem { get; init; }

    /// <summary>The process that carries it.</summary>
    public string? Owner { get; init; }

    /// <summary>When the owner counts as gone, UTC.</summary>
    public DateTimeOffset Until { get; init; }

    internal bool IsFree(DateTimeOffset now) => Owner is null || Until < now;
}
