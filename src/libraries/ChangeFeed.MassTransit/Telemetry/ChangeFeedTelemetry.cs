namespace ChangeFeed.MassTransit;

/// <summary>Names to listen to.</summary>
public static class ChangeFeedTelemetry
{
    /// <summary>Meter of the change feed: lag, events handled, retried and parked, failures.</summary>
    public const string MeterName = "ChangeFeed.MassTransit";

    /// <summary>
    /// Activity source of the endpoints: <c>process tax</c> for every event an endpoint takes, a child of the span that appended the event.
    /// MassTransit's own spans are beneath it for whoever listens to the source <c>MassTransit</c> as well, of use with a real bus.
    /// </summary>
    public const string ActivitySourceName = "ChangeFeed.MassTransit";

    /// <summary>What became of an event: <c>handled</c>, <c>parked</c>, <c>queued</c>, <c>skipped</c>, <c>blocked</c> or <c>held</c>.</summary>
    public const string Outcome = "changefeed.outcome";

    /// <summary>How often the consumers were called for one delivery.</summary>
    public const string Attempts = "changefeed.attempts";
}
