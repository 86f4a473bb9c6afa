using System.Diagnostics;
using System.Diagnostics.Metrics;
using ChangeFeed.EventStore;

namespace ChangeFeed.MassTransit.Telemetry;

/// <summary>The instruments of the change feed; names and attributes by the OpenTelemetry messaging conventions where those have one.</summary>
internal static class ChangeFeedMetrics
{
    public static readonly Meter Meter = new(ChangeFeedTelemetry.MeterName);

    private static readonly KeyValuePair<string, object?> System = new("messaging.system", "azure_cosmosdb");
    private static readonly KeyValuePair<string, object?> Operation = new("messaging.operation.name", "process");

    private static readonly Counter<long> Unknown = Meter.CreateCounter<long>(
        "changefeed.events.unknown_type", "{event}", "Events passed over because this build does not know their type.");

    private static readonly Counter<long> Handled = Meter.CreateCounter<long>(
        "changefeed.events.handled", "{event}", "Events the consumers are done with.");

    private static readonly Counter<long> Retries = Meter.CreateCounter<long>(
        "changefeed.events.retries", "{retry}", "Attempts at an event after its first.");

    private static readonly Counter<long> Failures = Meter.CreateCounter<long>(
        "changefeed.events.failed", "{event}", "Events that failed after all retries, by what became of them.");

    private static readonly Counter<long> Parked = Meter.CreateCounter<long>(
        "changefeed.events.parked", "{event}", "Events put aside: those that failed, and those of their streams that wait behind them.");

    // From a consumer that only decides to one that was down over night.
    private static readonly InstrumentAdvice<double> Seconds = new()
    {
        HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800, 14_400],
    };

    private static readonly Histogram<double> Duration = Meter.CreateHistogram(
        "messaging.process.duration", "s", "Time the consumers took for an event, retries included.", tags: null, Seconds);

    private static readonly Histogram<double> Age = Meter.CreateHistogram(
        "changefeed.event.age", "s", "Age of an event when it was handled: from the decision that made it.", tags: null, Seconds);

    public static void Processed(string endpoint, string type, TimeSpan took, TimeSpan age, int attempts, Exception? failure)
    {
        if (failure is null)
            Handled.Add(1, Destination(endpoint), Type(type));
        if (attempts > 1)
            Retries.Add(attempts - 1, Destination(endpoint), Type(type));
        if (Age.Enabled)
            Age.Record(age.TotalSeconds, Destination(endpoint), Type(type));
        if (!Duration.Enabled)
            return;
        var tags = new TagList { System, Operation, Destination(endpoint), Type(type) };
        if (failure is not null)
            tags.Add("error.type", failure.GetType().FullName);
        Duration.Record(took.TotalSeconds, tags);
    }

    public static void UnknownType(string endpoint, string type) => Unknown.Add(1, Destination(endpoint), Type(type));

    public static void Failed(string endpoint, FailurePolicy policy, string? type) => Failures.Add(
        1, Destination(endpoint), new("changefeed.policy", policy.ToString().ToLowerInvariant()), Type(type));

    public static void Postponed(string endpoint, string type) => Failures.Add(
        1, Destination(endpoint), new("changefeed.policy", "postpone"), Type(type));

    public static void PutAside(string endpoint, string? type) => Parked.Add(1, Destination(endpoint), Type(type));

    public static KeyValuePair<string, object?> Destination(string endpoint) => new("messaging.destination.name", endpoint);

    private static KeyValuePair<string, object?> Type(string? type) => new(EventStoreTelemetry.EventType, type ?? "none");
}
