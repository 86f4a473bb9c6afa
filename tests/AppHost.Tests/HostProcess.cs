using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using Aspire.Hosting;

namespace OrderPipeline.AppHost.Tests;

/// <summary>The launcher as a process of its own, with a data directory of its own.</summary>
sealed class HostProcess : IDisposable
{
    public const int Sigint = 2, Sigterm = 15, Sigkill = 9;
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    readonly Process _process;
    readonly List<string> _lines = [];
    readonly TemporaryDirectory? _ownDirectory;

    public HostProcess(params string[] resources) : this(null, resources)
    {
    }

    public HostProcess(string? dataDirectory, string[] resources, params string[] options)
    {
        _ownDirectory = dataDirectory is null ? new TemporaryDirectory() : null;
        DataDirectory = dataDirectory ?? _ownDirectory!.Path;
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])[typeof(IProjectMetadata).Assembly.Location, "host", "--data", DataDirectory, .. options, "--", .. resources])
            start.ArgumentList.Add(argument);
        _process = Process.Start(start)!;
        _process.OutputDataReceived += Keep;
        _process.ErrorDataReceived += Keep;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string DataDirectory { get; }

    public string[] Lines
    {
        get { lock (_lines) return [.. _lines]; }
    }

    public string StateFile => Path.Combine(DataDirectory, "apphost.json");

    public record ResourceState(string Name, string Resource, string? Url, int? Pid, string State, int? ExitCode, string? LeasePrefix);

    record HostState(int Pid, string State, ResourceState[] Resources);

    public ResourceState[] Resources =>
        JsonSerializer.Deserialize<HostState>(File.ReadAllText(StateFile), JsonSerializerOptions.Web)!.Resources;

    public Task ReadyAsync() => SaysAsync("Everything is healthy");

    public Task SaysAsync(string text) => Until(() => Lines.Any(l => l.Contains(text, StringComparison.Ordinal)), $"the line '{text}'");

    public async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Deadline);
        return _process.ExitCode;
    }

    public void Signal(int signal) => kill(_process.Id, signal);

    public int ProcessGroup => getpgid(_process.Id);

    public static int ProcessGroupOf(int pid) => getpgid(pid);

    public static bool IsRunning(int pid) => kill(pid, 0) == 0;

    public async Task Until(Func<bool> condition, string what)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            if (watch.Elapsed > Deadline) throw new TimeoutException($"Waited in vain for {what}. Output:\n{string.Join('\n', Lines)}");
            await Task.Delay(25);
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            var children = File.Exists(StateFile) ? Resources.Select(r => r.Pid).OfType<int>().ToList() : [];
            _process.Kill();
            _process.WaitForExit();
            children.ForEach(pid => kill(pid, Sigkill));
        }

        _process.Dispose();
        _ownDirectory?.Dispose();
    }

    void Keep(object sender, DataReceivedEventArgs e)
    {
        if (e.Data is null) return;
        lock (_lines) _lines.Add(e.Data);
    }

    [DllImport("libc")]
    static extern int kill(int pid, int signal);

    [DllImport("libc")]
    static extern int getpgid(int pid);
}
