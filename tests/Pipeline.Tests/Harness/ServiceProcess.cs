using System.Collections.Concurrent;
using System.Diagnostics;

namespace OrderPipeline.Pipeline.Tests;

/// <summary>
/// A process of the running system that can be killed and started again exactly as it was: same program, arguments, environment and
/// directory. The app host restarts nothing by itself; this is the operator, or the orchestrator, that does.
/// </summary>
internal sealed class ServiceProcess : IAsyncDisposable
{
    private readonly ProcessStartInfo _start;
    private readonly ConcurrentQueue<string> _output = new();
    private Process? _restarted;
    private int _pid;

    private ServiceProcess(string name, int pid, ProcessStartInfo start)
    {
        Name = name;
        _pid = pid;
        _start = start;
    }

    public string Name { get; }

    /// <summary>What it printed since it was started again.</summary>
    public string Output => string.Join(Environment.NewLine, _output);

    public IReadOnlyCollection<string> Lines => _output;

    /// <summary>Takes over a process of the app host. Reads how it was started from <c>/proc</c>.</summary>
    public static ServiceProcess Of(AppHostResource resource)
    {
        var pid = resource.Pid ?? throw new InvalidOperationException($"{resource.Name} has no process.");
        var arguments = Split(File.ReadAllText($"/proc/{pid}/cmdline"));
        var start = new ProcessStartInfo(new FileInfo($"/proc/{pid}/exe").ResolveLinkTarget(returnFinalTarget: true)!.FullName, arguments.Skip(1))
        {
            WorkingDirectory = new FileInfo($"/proc/{pid}/cwd").ResolveLinkTarget(returnFinalTarget: true)!.FullName,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        foreach (var variable in Split(File.ReadAllText($"/proc/{pid}/environ")))
        {
            var separator = variable.IndexOf('=', StringComparison.Ordinal);
            // The start-up hook ties a child to the app host's standard input, which a process started here does not have.
            if (separator > 0 && !variable.StartsWith("DOTNET_STARTUP_HOOKS=", StringComparison.Ordinal))
                start.Environment[variable[..separator]] = variable[(separator + 1)..];
        }

        return new ServiceProcess(resource.Name, pid, start);
    }

    /// <summary>One more instance of the same service, on a port of its own.</summary>
    /// <param name="environment">What it is told differently.</param>
    public ServiceProcess Another(params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(_start.FileName, _start.ArgumentList)
        {
            WorkingDirectory = _start.WorkingDirectory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        foreach (var (name, value) in _start.Environment.Select(e => (e.Key, e.Value)).Concat(environment.Select(e => (e.Name, (string?)e.Value))))
            start.Environment[name] = value;
        start.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        return new ServiceProcess(Name, 0, start);
    }

    /// <summary>Ctrl+C; returns its exit code.</summary>
    public async Task<int> StopAsync(TimeSpan within)
    {
        Signals.SendInterrupt(_restarted!);
        await _restarted!.WaitForExitAsync().WaitAsync(within);
        return _restarted.ExitCode;
    }

    /// <summary>kill -9, and waits until it is gone.</summary>
    public async Task KillAsync()
    {
        using var process = Process.GetProcessById(_pid);
        Signals.SendKill(_pid);
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(10));
    }

    /// <summary>Starts it again, on the same port.</summary>
    public void Start()
    {
        _restarted?.Dispose();
        _restarted = new Process { StartInfo = _start };
        _restarted.OutputDataReceived += (_, line) => Keep(line.Data);
        _restarted.ErrorDataReceived += (_, line) => Keep(line.Data);
        _restarted.Start();
        _restarted.BeginOutputReadLine();
        _restarted.BeginErrorReadLine();
        _pid = _restarted.Id;
    }

    public async ValueTask DisposeAsync()
    {
        if (_restarted is null)
            return;
        if (!_restarted.HasExited)
            await KillAsync();
        _restarted.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is not null)
            _output.Enqueue(line);
    }

    private static string[] Split(string nulSeparated) => nulSeparated.Split('\0', StringSplitOptions.RemoveEmptyEntries);
}
