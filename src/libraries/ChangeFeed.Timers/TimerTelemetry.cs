using System.Diagnostics.Metrics;

namespace ChangeFeed.Timers;

/// <summary>What to listen to.</summary>
public static class TimerTelemetry
{
    /// <summary>Meter of timers.</summary>
    public const string MeterName = "ChangeFeed.Timers";

    private static readonly Meter Meter = new(MeterName);

    private static readonly Counter<long> Fires = Meter.CreateCounter<long>(
        "changefeed.timers.fired", "{timer}", "Timers that fired, by whether an event followed.");

    private static readonly Counter<long> Failures = Meter.CreateCounter<long>(
        "changefeed.timers.failed", "{timer}", "Times a timer was due and could not fire; it is tried again.");

    private static readonly Histogram<double> Lateness = Meter.CreateHistogram(
        "changefeed.timer.lateness", "s", "How long after it was due a timer fired, by the clock of the store.", tags: null,
        new InstrumentAdvice<double> { HistogramBucketBoundaries = [1, 2, 5, 10, 30, 60, 120, 300, 1800, 14_400] });

    /// <summary>Tells that nothing happened yet: what rises from nothing at all is no rise to whoever watches it.</summary>
    internal static void Begin(string timer)
    {
        Fires.Add(0, new("timer", timer), new("outcome", "appended"));
        Failures.Add(0, new KeyValuePair<string, object?>("timer", timer));
    }

    internal static void Fired(string timer, bool appended, long late)
    {
        Fires.Add(1, new("timer", timer), new("outcome", appended ? "appended" : "nothing"));
        Lateness.Record(late, new KeyValuePair<string, object?>("timer", timer));
    }

    internal static void Failed(string timer) => Failures.Add(1, new KeyValuePair<string, object?>("timer", timer));
}
