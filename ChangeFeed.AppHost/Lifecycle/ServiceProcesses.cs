using System.Diagnostics;
using System.Globalization;
using Aspire.Hosting.ApplicationModel;

namespace ChangeFeed.AppHost.Lifecycle;

/// <summary>
/// The processes that were started. The orchestrator says that a process has stopped a moment before the system has let go of it, and the
/// command must not come back while one could still hold its port or its data.
/// </summary>
internal sealed class ServiceProcesses
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly Dictionary<int, Process> _processes = [];

    /// <summary>Takes in what changed.</summary>
    public void Add(ResourceEvent change)
    {
        if (change.Snapshot.Properties.FirstOrDefault(property => property.Name == "executable.pid")?.Value is not { } value)
            return;
        var pid = Convert.ToInt32(value, CultureInfo.InvariantCulture);
        lock (_processes)
            if (pid > 0 && !_processes.ContainsKey(pid) && Find(pid) is { } process)
                _processes[pid] = process;
    }

    /// <summary>Waits until they are gone, though not for ever: what hangs is not what ended well.</summary>
    public async Task UntilGoneAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        Process[] processes;
        lock (_processes)
            processes = [.. _processes.Values];
        try
        {
            await Task.WhenAll(processes.Select(process => process.WaitForExitAsync(patience.Token)));
        }
        catch (OperationCanceledException)
        {
            var left = processes.Where(process => !process.HasExited).Select(process => process.Id);
            Console.Error.WriteLine($"Still there after {Patience.TotalSeconds:0} s: processes {string.Join(", ", left)}.");
        }
    }

    private static Process? Find(int pid)
    {
        try
        {
            var process = Process.GetProcessById(pid);
            _ = process.StartTime; // kept from here on: another process that gets the same id later is not taken for this one
            return process;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return null; // it has ended already
        }
    }
}
