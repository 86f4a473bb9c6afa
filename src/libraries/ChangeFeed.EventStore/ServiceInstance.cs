namespace ChangeFeed.EventStore;

/// <summary>Which of the instances of a service this process is: in its events, its leases and its heartbeats.</summary>
public static class ServiceInstance
{
    /// <summary>Machine and process.</summary>
    public static string Name { get; } = $"{Environment.MachineName}-{Environment.ProcessId}";

    /// <summary>Machine, process, and a part of its own: one process may own leases of the same kind more than once.</summary>
    public static string NewName() => $"{Name}-{Guid.NewGuid():N}";
}
