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

    /// <summary>
    /// Where Prometheus reads the metrics, such as <c>http://127.0.0.1:9464</c> or <c>http://+:9464</c>: a port of its own, so that nobody who may
    /// call the service reads them. When left out, nobody can.
    /// </summary>
    public string? MetricsAddress { get; set; }
}
