using System.Collections.Concurrent;
using System.Diagnostics;

namespace TestSupport;

/// <summary>One more process of a service than the app host started: same program, arguments, environment and directory.</summary>
internal sealed class JoinedInstance : IAsyncDisposable
{
    private static readonly TimeSpan KillLimit = TimeSpan.FromSeconds(10);

    private readonly ConcurrentQueue<string> _lines = new();
    private readonly Process _process;

    private JoinedInstance(string service, ProcessStartInfo start)
    {
        Service = service;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string Service { get; }

    public IReadOnlyCollection<string> Lines => _lines;

    public string Output => string.Join(Environment.NewLine, _lines);

    /// <summary>Starts a process like that one, on a port of its own. Reads how that one was started from <c>/proc</c>.</summary>
    /// <param name="model">The one it is like.</param>
    /// <param name="environment">What it is told differently.</param>
    public static JoinedInstance Start(ServiceInstance model, params (string Name, string Value)[] environment)
    {
        var process = $"/proc/{model.Pid}";
        var start = new ProcessStartInfo(TargetOf($"{process}/exe"), Split($"{process}/cmdline").Skip(1))
        {
            WorkingDirectory = TargetOf($"{process}/cwd"),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        foreach (var variable in Split($"{process}/environ").Select(v => v.Split('=', 2)).Where(v => v.Length == 2))
            start.Environment[variable[0]] = variable[1];
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        start.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        return new JoinedInstance(model.Service, start);
    }

    /// <summary>Ctrl+C; returns its exit code.</summary>
    public async Task<int> StopAsync(TimeSpan within)
    {
        _process.SendInterrupt();
        await _process.WaitForExitAsync().WaitAsync(within);
        return _process.ExitCode;
    }

    /// <summary>kill -9, and waits until it is gone.</summary>
    public async Task KillAsync()
    {
        Signals.SendKill(_process.Id);
        await _process.WaitForExitAsync().WaitAsync(KillLimit);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await KillAsync();
        _process.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is not null)
            _lines.Enqueue(line);
    }

    private static string TargetOf(string link) => new FileInfo(link).ResolveLinkTarget(returnFinalTarget: true)!.FullName;

    private static string[] Split(string path) => File.ReadAllText(path).Split('\0', StringSplitOptions.RemoveEmptyEntries);
}
