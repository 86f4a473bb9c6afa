namespace Orders.Archive.Cooling;

/// <summary>What leaves the event store.</summary>
/// <param name="Hot">How long ago the last event of a stream must be.</param>
public sealed record CoolingOptions(TimeSpan Hot)
{
    /// <summary>How long documents stay after they are marked, in case that a writer or reader stood still for a while.</summary>
    public static readonly TimeSpan DefaultGrace = TimeSpan.FromDays(1);

    /// <summary>How long documents stay after they are marked.</summary>
    public TimeSpan Grace { get; init; } = DefaultGrace;

    /// <summary>Whether nothing is written.</summary>
    public bool IsDryRun { get; init; }

    /// <summary>Endpoints that need not have handled what leaves: those that are not used any more.</summary>
    public IReadOnlyList<string> Except { get; init; } = [];
}

/// <summary>What came of it.</summary>
public sealed record CoolingResult
{
    private const int MaxDifferences = 100;

    /// <summary>Streams that leave.</summary>
    public int Streams { get; init; }

    /// <summary>Events that leave.</summary>
    public long Events { get; init; }

    /// <summary>Streams left by a run that was killed in the middle of them.</summary>
    public int Finished { get; init; }

    /// <summary>Streams that have not ended, or are parked, or got an event lately.</summary>
    public int Stay { get; init; }

    /// <summary>Streams that somebody wrote to while they were to leave: they stay.</summary>
    public int Changed { get; init; }

    /// <summary>What the archive does not have as the store has it, by stream; the first hundred.</summary>
    public IReadOnlyList<string> Differences { get; init; } = [];

    internal CoolingResult With(string difference) => Differences.Count < MaxDifferences ? this with { Differences = [.. Differences, difference] } : this;
}
