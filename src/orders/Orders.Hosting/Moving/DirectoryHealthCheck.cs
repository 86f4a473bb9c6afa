using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Orders.Hosting.Moving;

/// <summary>Says when the directory of the events cannot be asked: nothing of them is read or written then.</summary>
internal sealed class DirectoryHealthCheck(EventsDirectory directory) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        directory.Problem is { } problem
            ? HealthCheckResult.Unhealthy($"The directory of the events cannot be asked: {problem}")
            : HealthCheckResult.Healthy());
}
