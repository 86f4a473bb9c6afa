namespace ChangeFeed.Migration.Fencing;

/// <summary>How long a process may act on what it was told.</summary>
public sealed record EpochOptions
{
    /// <summary>
    /// How long a grant is good. A switch waits no longer than this, and a tenth, for a process that died or stands still. Each process shows
    /// itself three times as often: about 11 request units each time.
    /// </summary>
    public TimeSpan Validity { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often members look while a switch is near, about one request unit each time.</summary>
    public TimeSpan WatchInterval { get; init; } = TimeSpan.FromMilliseconds(25);

    /// <summary>After how long an epoch that ends but is followed by none goes on: whoever switched was killed.</summary>
    public TimeSpan ClosingLimit { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// What a switch adds to <see cref="Validity"/>, since two clocks need not run equally fast: a tenth, where real ones differ by a 10,000th.
    /// </summary>
    internal TimeSpan Waited => Validity * 1.1;
}
