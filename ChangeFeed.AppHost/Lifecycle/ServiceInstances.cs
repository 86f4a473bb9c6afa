using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ChangeFeed.AppHost.Lifecycle;

/// <summary>What is known of the processes of every service.</summary>
/// <param name="expected">How many processes each service has, by its name.</param>
internal sealed class ServiceInstances(IReadOnlyDictionary<string, int> expected)
{
    private readonly Dictionary<string, CustomResourceSnapshot> _instances = [];
    private readonly HashSet<(string Service, string Instance)> _haveBeenHealthy = [];

    /// <summary>Every process has been healthy once: the start is over, whatever happens to one of them afterwards.</summary>
    public bool HaveStarted => !Starting.Any();

    /// <summary>The services of which too few processes have been healthy.</summary>
    public IEnumerable<string> Starting => expected
        .Where(service => _haveBeenHealthy.Count(i => i.Service == service.Key) < service.Value)
        .Select(service => service.Key);

    /// <summary>Takes in what changed.</summary>
    /// <returns>Whether a process has ended with it.</returns>
    public bool Update(string service, string instance, CustomResourceSnapshot snapshot)
    {
        if (!expected.ContainsKey(service)) return false;
        var ended = HasEnded(snapshot) && !(_instances.TryGetValue(instance, out var before) && HasEnded(before));
        _instances[instance] = snapshot;
        if (snapshot.State?.Text == KnownResourceStates.Running && snapshot.HealthStatus == HealthStatus.Healthy)
            _haveBeenHealthy.Add((service, instance));
        return ended;
    }

    /// <summary>Whether the service was up once; a process that was started again may have another name than the one before.</summary>
    public bool HasBeenHealthy(string service) => _haveBeenHealthy.Any(i => i.Service == service);

    private static bool HasEnded(CustomResourceSnapshot snapshot) => KnownResourceStates.TerminalStates.Contains(snapshot.State?.Text);
}
