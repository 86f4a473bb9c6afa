namespace OrderPipeline.ChangeFeed;

/// <summary>Names to listen to.</summary>
public static class ChangeFeedTelemetry
{
    /// <summary>Meter of the change feed: lag, failures, parked streams.</summary>
    public const string MeterName = "OrderPipeline.ChangeFeed";

    /// <summary>Meter of the consumers, MassTransit's own.</summary>
    public const string ConsumerMeterName = "MassTransit";

    /// <summary>
    /// Activity source of the consumers, MassTransit's own: <c>tax receive</c> and <c>tax process</c>, children of the span that appended
    /// the event.
    /// </summary>
    public const string ActivitySourceName = "MassTransit";
}
