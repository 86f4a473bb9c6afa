using System.Diagnostics.Metrics;

namespace OrderPipeline.ChangeFeed.Telemetry;

/// <summary>The instruments of the change feed; names and attributes by the OpenTelemetry messaging conventions where those have one.</summary>
internal static class ChangeFeedMetrics
{
    public static readonly Meter Meter = new(ChangeFeedTelemetry.MeterName);

    private static readonly Counter<long> Unknown = Meter.CreateCounter<long>(
        "changefeed.events.unknown_type", "{event}", "Events passed over because this build does not know their type.");

    private static readonly Counter<long> Failures = Meter.CreateCounter<long>(
        "changefeed.events.failed", "{event}", "Events that failed after all retries, by what became of them.");

    public static void UnknownType(string endpoint, string type) => Unknown.Add(1, Destination(endpoint), new("messaging.message.type", type));

    public static void Failed(string endpoint, FailurePolicy policy, string? type) => Failures.Add(
        1,
        Destination(endpoint),
        new("changefeed.policy", policy.ToString().ToLowerInvariant()),
        new("messaging.message.type", type ?? "none"));

    public static KeyValuePair<string, object?> Destination(string endpoint) => new("messaging.destination.name", endpoint);
}
