using System.Diagnostics.Metrics;
using ChangeFeed.MassTransit.Rider;

namespace ChangeFeed.MassTransit.Telemetry;

/// <summary>How the endpoints of this service stand, whenever a metrics reader asks.</summary>
internal sealed class EndpointGauges : IDisposable
{
    private readonly Meter _meter = new(ChangeFeedTelemetry.MeterName);

    public EndpointGauges(FeedEndpoints endpoints)
    {
        _meter.CreateObservableGauge(
            "changefeed.lag.transactions", () => Partitions(endpoints, partition => partition.Behind), "{transaction}",
            "Appends written and not checkpointed, each of one event or more, as the store estimates.");
        _meter.CreateObservableGauge(
            "changefeed.lag.age", () => Partitions(endpoints, partition => partition.OldestAge?.TotalSeconds ?? 0), "s",
            "Age of the oldest event not handled; 0 when nothing waits.");
        _meter.CreateObservableGauge(
            "changefeed.events.in_flight", () => Endpoints(endpoints, endpoint => endpoint.Engine.Sessions.Sum(session => session.InFlight)), "{event}",
            "Events read and not finished.");
        _meter.CreateObservableGauge(
            "changefeed.leases.owned", () => Endpoints(endpoints, endpoint => endpoint.Engine.Sessions.Count), "{lease}", "Partitions this instance owns.");
        _meter.CreateObservableGauge(
            "changefeed.streams.parked", () => Endpoints(endpoints, endpoint => endpoint.Parking?.Count ?? 0), "{stream}", "Streams known here to be parked.");
        _meter.CreateObservableGauge(
            "changefeed.events.blocking", () => Endpoints(endpoints, endpoint => endpoint.State.BlockedOn.Count), "{event}",
            "Events their partition cannot get past.");
        _meter.CreateObservableGauge(
            "changefeed.endpoint.paused", () => Endpoints(endpoints, endpoint => endpoint.Gate.PausedBy is null ? 0 : 1), "1",
            "1 while the endpoint is paused, else 0.");
        _meter.CreateObservableGauge(
            "changefeed.kill_switch.state", () => Endpoints(endpoints, endpoint => (int)endpoint.Gate.State), "1",
            "State of the kill switch: 0 closed, 1 tripped, 2 probing.");
    }

    public void Dispose() => _meter.Dispose();

    private static IEnumerable<Measurement<int>> Endpoints(FeedEndpoints endpoints, Func<FeedEndpoint, int> value) =>
        endpoints.All.Select(endpoint => new Measurement<int>(value(endpoint), ChangeFeedMetrics.Destination(endpoint.Name)));

    private static IEnumerable<Measurement<T>> Partitions<T>(FeedEndpoints endpoints, Func<Health.PartitionLag, T> value)
        where T : struct =>
        from endpoint in endpoints.All
        where endpoint.Lag is not null
        from partition in endpoint.Lag!.Partitions
        select new Measurement<T>(
            value(partition), ChangeFeedMetrics.Destination(endpoint.Name), new("messaging.destination.partition.id", partition.Lease));
}
