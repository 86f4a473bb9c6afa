namespace ChangeFeed.ServiceDefaults.Telemetry;

/// <summary>What is traced. Section <c>Telemetry</c>; where it goes is said by <c>OTEL_EXPORTER_OTLP_ENDPOINT</c>.</summary>
public sealed class TelemetryOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Telemetry";

    /// <summary>
    /// Also traces what nobody asked for: reads of the change feed, leases, heartbeats, health probes, open live connections. Some two
    /// thousand traces a minute for the whole pipeline at rest.
    /// </summary>
    public bool TraceBackground { get; set; }
}
