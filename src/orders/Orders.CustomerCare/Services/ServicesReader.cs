using ChangeFeed.MassTransit;
using Orders.CustomerCare.DeadLetters;

namespace Orders.CustomerCare.Services;

/// <summary>Looks at the leases of all services, and at what their instances say.</summary>
internal sealed class ServicesReader(
    EndpointDirectory directory, ChangeFeedControls controls, ParkedOrders parked, TimeProvider time, ILogger<ServicesReader> logger)
    : OnDemandPoller<ServicesSnapshot>(time, TimeSpan.FromSeconds(1), logger)
{
    private readonly TimeProvider _time = time;
    private ServiceProgress _progress = new();

    protected override void Begin() => _progress = new ServiceProgress();

    /// <summary>How they stand at this moment, for whoever cannot wait for news; what takes two looks to see is not in it.</summary>
    public Task<ServicesSnapshot> ReadOnceAsync(CancellationToken cancellationToken) => ReadAsync(new ServiceProgress(), cancellationToken);

    protected override Task<ServicesSnapshot> ReadAsync(CancellationToken cancellationToken) => ReadAsync(_progress, cancellationToken);

    private async Task<ServicesSnapshot> ReadAsync(ServiceProgress progress, CancellationToken cancellationToken)
    {
        var endpoints = await directory.ReadAsync(cancellationToken);
        var parkedAt = (await parked.KeysAsync(new ParkedFilter(), cancellationToken)).CountBy(stream => stream.Endpoint).ToDictionary();
        var heartbeats = (await controls.HeartbeatsAsync(cancellationToken)).ToLookup(heartbeat => heartbeat.Endpoint);
        var now = _time.GetUtcNow();
        return new ServicesSnapshot(
            now, [.. endpoints.Select(endpoint => progress.Note(endpoint, [.. heartbeats[endpoint.Name]], parkedAt.GetValueOrDefault(endpoint.Name), now))]);
    }
}

/// <summary>How all services stand.</summary>
public sealed record ServicesSnapshot(DateTimeOffset At, IReadOnlyList<ServiceStanding> Services)
{
    public ServiceStanding? Find(string name) => Services.FirstOrDefault(service => service.Name == name);
}
