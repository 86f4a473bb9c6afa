using MassTransit;
using MassTransit.Transports;

namespace ChangeFeed.MassTransit.Rider;

/// <summary>The change feed beside a bus: all endpoints of this service that read one.</summary>
internal interface IChangeFeedRider : IRider;

/// <summary>Starts, stops and reports the endpoints together with the bus.</summary>
internal sealed class ChangeFeedRider(ReceiveEndpointCollection endpoints) : IRiderControl, IChangeFeedRider
{
    public RiderHandle Start(CancellationToken cancellationToken = default) =>
        new Handle(endpoints, endpoints.StartEndpoints(cancellationToken));

    public IEnumerable<EndpointHealthResult> CheckEndpointHealth() => endpoints.CheckEndpointHealth();

    private sealed class Handle(ReceiveEndpointCollection endpoints, HostReceiveEndpointHandle[] started) : RiderHandle
    {
        public Task Ready => Task.WhenAll(started.Select(endpoint => endpoint.Ready));

        public Task StopAsync(CancellationToken cancellationToken) => endpoints.StopEndpoints(cancellationToken);
    }
}
