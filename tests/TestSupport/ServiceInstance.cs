using System.Diagnostics;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using ChangeFeed.AppHost.Testing;

namespace TestSupport;

/// <summary>
/// A process of the running system that can be killed and started again as it was. The app host restarts nothing by itself; this is
/// the operator, or the orchestrator, that does.
/// </summary>
internal sealed class ServiceInstance(string service, string id, DistributedApplication application, ServiceLogs logs)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public string Service => service;

    /// <summary>What Aspire calls it.</summary>
    public string Id => id;

    public int Pid => FindPid() ?? throw new InvalidOperationException($"{service} has no process.");

    /// <summary>What all instances of the service have printed.</summary>
    public string Output => string.Join(Environment.NewLine, logs.Lines.Where(line => line.Service == service).Select(line => line.Text));

    /// <summary>The processes of every service: by its name, or with a number where there are several.</summary>
    public static async Task<IReadOnlyDictionary<string, ServiceInstance>> AllAsync(DistributedApplication application, ServiceLogs logs)
    {
        var services = application.Services().ToList();
        var ids = new HashSet<(string Service, string Id)>();
        await foreach (var change in application.ResourceNotifications.WatchAsync(TestContext.Current.CancellationToken))
        {
            if (change.Resource.IsService() && change.Snapshot.ProcessId() is not null)
                ids.Add((change.Resource.Name, change.ResourceId));
            if (ids.Count == services.Sum(service => service.GetReplicaCount()))
                break;
        }

        return ids.GroupBy(instance => instance.Service).SelectMany(instances => instances.Order().Select((instance, n) => (
            Name: instances.Count() == 1 ? instance.Service : $"{instance.Service}-{n + 1}",
            Instance: new ServiceInstance(instance.Service, instance.Id, application, logs))))
            .ToDictionary(instance => instance.Name, instance => instance.Instance);
    }

    /// <summary>The process; null when none runs.</summary>
    public int? FindPid() => Snapshot() is { } snapshot && !KnownResourceStates.TerminalStates.Contains(snapshot.State?.Text) ? snapshot.ProcessId() : null;

    /// <summary>kill -9, and waits until it is gone.</summary>
    public async Task KillAsync()
    {
        using var process = Process.GetProcessById(Pid);
        Signals.SendKill(process.Id);
        await EndedAsync(process, Limit);
    }

    /// <summary>Ctrl+C; returns its exit code.</summary>
    public async Task<int> StopAsync(TimeSpan within)
    {
        using var process = Process.GetProcessById(Pid);
        process.SendInterrupt();
        return (await EndedAsync(process, within)).ExitCode ?? throw new InvalidOperationException($"{service} left no exit code.");
    }

    /// <summary>Starts it again, and waits until there is a process.</summary>
    public async Task StartAsync()
    {
        var before = Snapshot().ProcessId();
        var started = await application.ResourceCommands.ExecuteCommandAsync(id, KnownResourceCommands.StartCommand, TestContext.Current.CancellationToken);
        started.Success.ShouldBeTrue(started.Message);
        await ReachesAsync(snapshot => snapshot.ProcessId() is { } pid && pid != before, Limit);
    }

    private async Task<CustomResourceSnapshot> EndedAsync(Process process, TimeSpan within)
    {
        await process.WaitForExitAsync().WaitAsync(within);
        return await ReachesAsync(snapshot => KnownResourceStates.TerminalStates.Contains(snapshot.State?.Text), Limit);
    }

    private async Task<CustomResourceSnapshot> ReachesAsync(Func<CustomResourceSnapshot, bool> reached, TimeSpan within) =>
        (await application.ResourceNotifications
            .WaitForResourceAsync(service, change => change.ResourceId == id && reached(change.Snapshot)).WaitAsync(within)).Snapshot;

    private CustomResourceSnapshot Snapshot() => application.ResourceNotifications.TryGetCurrentState(id, out var current)
        ? current.Snapshot
        : throw new InvalidOperationException($"Nothing is known of {id}.");
}
