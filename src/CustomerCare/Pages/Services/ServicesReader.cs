using OrderPipeline.ChangeFeed;
using OrderPipeline.CustomerCare.Pages.DeadLetters;
using OrderPipeline.CustomerCare.Pages.Live;

namespace OrderPipeline.CustomerCare.Pages.Services;

/// <summary>Looks at the leases of all services.</summary>
internal sealed class ServicesReader(EndpointDirectory directory, ParkedOrders parked, TimeProvider time, ILogger<ServicesReader> logger)
    : Watched<ServicesSnapshot>(time, TimeSpan.FromSeconds(1), logger)
{
    private readonly TimeProvider _time = time;
    private ServiceProgress _progress = new();

    protected override void Begin() => _progress = new ServiceProgress();

    protected override async Task<ServicesSnapshot> ReadAsync(CancellationToken cancellationToken)
    {
        var endpoints = await directory.ReadAsync(cancellationToken);
        var parkedAt = (await parked.ReadAsync(null, cancellationToken)).CountBy(stream => stream.Endpoint).ToDictionary();
        var now = _time.GetUtcNow();
        return new ServicesSnapshot(now, [.. endpoints.Select(endpoint => _progress.Note(endpoint, parkedAt.GetValueOrDefault(endpoint.Name), now))]);
    }
}

/// <summary>How all services stand.</summary>
public sealed record ServicesSnapshot(DateTimeOffset At, IReadOnlyList<ServiceStanding> Services)
{
    public ServiceStanding? Find(string name) => Services.FirstOrDefault(service => service.Name == name);
}
