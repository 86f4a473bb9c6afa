using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace ChangeFeed.ServiceDefaults;

/// <summary>
/// Logs a check when it turns, once: the framework's own log has a line for every probe that finds it red, dozens of them while a
/// service starts. What was never green is starting, not failing; whoever waits for it says so.
/// </summary>
internal sealed class HealthLog(ILogger<HealthLog> logger) : IHealthCheckPublisher
{
    private readonly Dictionary<string, HealthStatus> _known = [];

    public Task PublishAsync(HealthReport report, CancellationToken cancellationToken)
    {
        foreach (var (name, entry) in report.Entries)
        {
            var before = _known.TryGetValue(name, out var known) ? known : (HealthStatus?)null;
            if (before == entry.Status || (before is null && entry.Status != HealthStatus.Healthy))
                continue;
            _known[name] = entry.Status;
            if (before is not null)
                logger.Log(
                    entry.Status == HealthStatus.Healthy ? LogLevel.Information : LogLevel.Warning,
                    entry.Exception, "Health of {Check}: {Before} -> {Status}. {Description}", name, before, entry.Status, entry.Description);
        }

        return Task.CompletedTask;
    }
}
