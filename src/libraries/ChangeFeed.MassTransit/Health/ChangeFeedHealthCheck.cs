using ChangeFeed.MassTransit.Handling;
using ChangeFeed.MassTransit.Rider;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ChangeFeed.MassTransit.Health;

/// <summary>
/// Red: a partition nobody owns, one that does not move, an event that blocks. Yellow: paused, tripped, or a feed that cannot be read at
/// the moment. Parked streams are told, not judged: they wait for a person, and everything else goes on.
/// </summary>
internal sealed class ChangeFeedHealthCheck(FeedEndpoints endpoints, Microsoft.Extensions.Options.IOptions<ChangeFeedOptions> options) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var red = new List<string>();
        var yellow = new List<string>();
        var data = new Dictionary<string, object>();
        foreach (var endpoint in endpoints.All)
        {
            red.AddRange(Red(endpoint));
            yellow.AddRange(Yellow(endpoint));
            data[endpoint.Name] = Describe(endpoint);
        }

        var result = red.Count > 0 ? HealthCheckResult.Unhealthy(string.Join(" ", red.Concat(yellow)), data: data)
            : yellow.Count > 0 ? HealthCheckResult.Degraded(string.Join(" ", yellow), data: data)
            : HealthCheckResult.Healthy(data: data);
        return Task.FromResult(result);
    }

    private IEnumerable<string> Red(FeedEndpoint endpoint)
    {
        foreach (var blocked in endpoint.State.BlockedOn)
            yield return $"{endpoint.Name}: blocked on event {blocked.Version} of stream {blocked.StreamId} since {blocked.Since:u}, tried {blocked.Attempts} times: {blocked.Error}";
        if (endpoint.Lag is not { } lag || endpoint.Gate.PausedBy is not null || endpoint.Gate.State != KillSwitchState.Closed)
            yield break;
        foreach (var problem in lag.Partitions.Select(partition => Watchdog.Judge(endpoint.Name, partition, lag.Takeover, options.Value.StallAfter))
            .OfType<string>())
            yield return problem;
    }

    private static IEnumerable<string> Yellow(FeedEndpoint endpoint)
    {
        if (endpoint.Gate.PausedBy is { } paused)
            yield return $"{endpoint.Name}: paused by {paused.By} since {paused.At:u}: {paused.Reason}";
        if (endpoint.Gate.State != KillSwitchState.Closed)
            yield return $"{endpoint.Name}: kill switch {endpoint.Gate.State}, next event tried at {endpoint.Gate.ProbeAt:u}; {endpoint.Gate.Cause}";
        foreach (var (lease, error) in endpoint.Engine.Errors)
            yield return $"{endpoint.Name}: reading partition {lease} fails: {error.Message}";
        foreach (var (task, error) in endpoint.TaskErrors)
            yield return $"{endpoint.Name}: {task} fails: {error.Message}";
    }

    private static object Describe(FeedEndpoint endpoint) => new
    {
        policy = endpoint.Policy.ToString(),
        inFlight = endpoint.Engine.Sessions.Sum(session => session.InFlight),
        parkedStreams = endpoint.Parking?.Count ?? 0,
        paused = endpoint.Gate.PausedBy is not null,
        killSwitch = endpoint.Gate.State.ToString(),
        partitions = (endpoint.Lag?.Partitions ?? []).Select(partition => new
        {
            partition.Lease,
            partition.Owner,
            partition.Mine,
            partition.Behind,
            oldestAgeSeconds = partition.OldestAge?.TotalSeconds,
            lastProgress = endpoint.Engine.Find(partition.Lease)?.LastProgress,
        }).ToList(),
    };
}
