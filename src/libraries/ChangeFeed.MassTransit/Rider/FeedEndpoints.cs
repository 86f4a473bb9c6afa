using System.Collections.Concurrent;
using ChangeFeed.MassTransit.Telemetry;
using Microsoft.Extensions.Hosting;

namespace ChangeFeed.MassTransit.Rider;

/// <summary>The endpoints of this service. As a hosted service it sees to it that none outlives the host.</summary>
internal sealed class FeedEndpoints : IHostedService, IDisposable
{
    private readonly EndpointGauges _gauges;
    private readonly ConcurrentDictionary<string, (FeedEndpoint Endpoint, FeedTransport Transport)> _endpoints = new();

    public FeedEndpoints() => _gauges = new EndpointGauges(this);

    public IEnumerable<FeedEndpoint> All => _endpoints.Values.Select(entry => entry.Endpoint);

    public void Add(FeedEndpoint endpoint, FeedTransport transport) => _endpoints[endpoint.Name] = (endpoint, transport);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(_endpoints.Values.Select(entry => entry.Transport.EnsureStoppedAsync(cancellationToken)));

    public void Dispose() => _gauges.Dispose();
}
