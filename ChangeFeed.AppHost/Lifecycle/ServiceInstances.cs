using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ChangeFeed.AppHost.Lifecycle;

/// <summary>What is known of the processes of every service.</summary>
/// <param name="expected">How many processes each service has, by its name.</param>
internal sealed class ServiceInstances(IReadOnlyDictionary<string, int> expected)
{
    private readonly Dictionary<string, (string Service, CustomResourceSnapshot Snapshot)> _instances = [];

    public bool AllHealthy => !Unhealthy.Any();

    /// <summary>The services of which too few processes are healthy.</summary>
    public IEnumerable<string> Unhealthy => expected
        .Where(service => _instances.Values.Count(i => i.Service == service.Key && IsHealthy(i.Snapshot)) < service.Value)
        .Select(service => service.Key);

    /// <summary>Takes in what changed.</summary>
    /// <returns>Whether a process has ended with it.</returns>
    public bool Update(string service, string instance, CustomResourceSnapshot snapshot)
    {
        if (!expected.ContainsKey(service)) return false;
        var ended = HasEnded(snapshot) && !(_instances.TryGetValue(instance, out var before) && HasEnded(before.Snapshot));
        _instances[instance] = (service, snapshot);
        return ended;
    }

    private static bool IsHealthy(CustomResourceSnapshot snapshot) =>
        snapshot.State?.Text == KnownResourceStates.Running && snapshot.HealthStatus == HealthStatus.Healthy;

    private static bool HasEnded(CustomResourceSnapshot snapshot) => KnownResourceStates.TerminalStates.Contains(snapshot.State?.Text);
}
