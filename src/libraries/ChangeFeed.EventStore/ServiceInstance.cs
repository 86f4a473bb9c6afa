namespace ChangeFeed.EventStore;

/// <summary>Which of the instances of a service this process is: in its events, its leases and its heartbeats.</summary>
public static class ServiceInstance
{
    /// <summary>Machine and process.</summary>
    public static string Name { get; } = $"{Environment.MachineName}-{Environment.ProcessId}";
}
