using System.Diagnostics;
using System.Runtime.InteropServices;

namespace OrderPipeline.AppHost.Launcher;

/// <summary>A running process, its output and its end.</summary>
sealed class ChildProcess
{
    const int Sigterm = 15;
    const int KeptLines = 20;

    readonly Process _process;
    readonly Queue<string> _lastLines = new();
    readonly Action<string> _print;

    ChildProcess(Process process, Action<string> print)
    {
        _process = process;
        _print = print;
        Exited = WaitForExitAsync(Pump(process.StandardOutput), Pump(process.StandardError));
    }

    public int Pid => _process.Id;

    /// <summary>The exit code, once the process has ended and its output is read.</summary>
    public Task<int> Exited { get; }

    public IReadOnlyList<string> LastLines
    {
        get { lock (_lastLines) return [.. _lastLines]; }
    }

    public static ChildProcess Start(Instance instance, IReadOnlyDictionary<string, string> environment, Action<string> print)
    {
        var assembly = instance.Project.Project.AssemblyPath;
        if (!File.Exists(assembly))
            throw new LaunchException($"{instance.Name} cannot start: {assembly} does not exist; build the solution first.");
        var start = new ProcessStartInfo(DotnetHost)
        {
            WorkingDirectory = Path.GetDirectoryName(instance.Project.Project.ProjectPath),
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (OperatingSystem.IsWindows()) start.CreateNewProcessGroup = true;
        start.ArgumentList.Add(assembly);
        foreach (var argument in instance.Project.Arguments) start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment) start.Environment[name] = value;
        start.Environment["DOTNET_STARTUP_HOOKS"] = string.Join(Path.PathSeparator,
            new[] { typeof(StartupHook).Assembly.Location, Environment.GetEnvironmentVariable("DOTNET_STARTUP_HOOKS") }.Where(path => !string.IsNullOrEmpty(path)));
        return new ChildProcess(Process.Start(start)!, print);
    }

    /// <summary>Asks the process to end.</summary>
    public void Stop()
    {
        if (_process.HasExited) return;
        if (OperatingSystem.IsWindows()) _process.StandardInput.Close();
        else kill(_process.Id, Sigterm);
    }

    public void Kill()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
    }

    // The runtime that runs the launcher also runs what it starts, wherever it is installed.
    static string DotnetHost { get; } = Path.GetFullPath(
        Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));

    async Task<int> WaitForExitAsync(Task output, Task errors)
    {
        await _process.WaitForExitAsync();
        // Something it started may hold its output open for ever.
        await Task.WhenAny(Task.WhenAll(output, errors), Task.Delay(TimeSpan.FromSeconds(1)));
        return _process.ExitCode;
    }

    // A thread each: reads of pipes block, and a pool of as many threads as processors would leave none for anything else.
    Task Pump(StreamReader lines)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            while (lines.ReadLine() is { } line)
            {
                lock (_lastLines)
                {
                    _lastLines.Enqueue(line);
                    if (_lastLines.Count > KeptLines) _lastLines.Dequeue();
                }

                _print(line);
            }

            done.SetResult();
        }, maxStackSize: 256 * 1024) { IsBackground = true }.Start();
        return done.Task;
    }

    [DllImport("libc")]
    static extern int kill(int pid, int signal);
}
