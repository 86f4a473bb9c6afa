namespace ChangeFeed.Sinks;

/// <summary>How a sink writes; configuration section <c>Sinks:NAME</c>, where the program binds it.</summary>
public sealed class SinkOptions
{
    /// <summary>Documents of a batch at most; 1 to 1,000. As many streams of a partition are handled at once.</summary>
    public int BatchSize { get; set; } = 100;

    /// <summary>How long a batch that is not full waits for more; 0 to 10 seconds. While one is being written the next gathers anyway.</summary>
    public TimeSpan BatchDelay { get; set; } = TimeSpan.FromMilliseconds(20);

    /// <summary>How long one write may take before it counts as not answered; 100 ms to 1 minute.</summary>
    public TimeSpan WriteTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often a batch is written that the outside does not take, before its events are put off; 1 to 10.</summary>
    public int Attempts { get; set; } = 3;

    /// <summary>The pause before the second of them, doubled before each further one; 1 ms to 10 seconds.</summary>
    public TimeSpan FirstPause { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How long an event may wait for its turn before it is put off, so that a slow outside parks nothing; 1 s to 80 s.</summary>
    public TimeSpan MaxWait { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Says what is wrong, naming the setting; empty when nothing is.</summary>
    /// <param name="section">Where the settings are, such as <c>Sinks:Search</c>.</param>
    public IEnumerable<string> Validate(string section)
    {
        if (BatchSize is < 1 or > 1000)
            yield return Wrong(nameof(BatchSize), BatchSize, "1 to 1000");
        if (BatchDelay < TimeSpan.Zero || BatchDelay > TimeSpan.FromSeconds(10))
            yield return Wrong(nameof(BatchDelay), BatchDelay, "0 to 10 seconds");
        if (WriteTimeout < TimeSpan.FromMilliseconds(100) || WriteTimeout > TimeSpan.FromMinutes(1))
            yield return Wrong(nameof(WriteTimeout), WriteTimeout, "100 ms to 1 minute");
        if (Attempts is < 1 or > 10)
            yield return Wrong(nameof(Attempts), Attempts, "1 to 10");
        if (FirstPause < TimeSpan.FromMilliseconds(1) || FirstPause > TimeSpan.FromSeconds(10))
            yield return Wrong(nameof(FirstPause), FirstPause, "1 ms to 10 seconds");
        if (MaxWait < TimeSpan.FromSeconds(1) || MaxWait > TimeSpan.FromSeconds(80))
            yield return Wrong(nameof(MaxWait), MaxWait, "1 to 80 seconds");

        string Wrong(string name, object value, string range) => FormattableString.Invariant($"{section}:{name} is {value}; it must be {range}.");
    }
}
