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

    /// <param name="start">Which process; its standard streams are taken over.</param>
    /// <param name="print">Gets every line it writes.</param>
    public static ChildProcess Start(ProcessStartInfo start, Action<string> print)
    {
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        if (OperatingSystem.IsWindows()) start.CreateNewProcessGroup = true;
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
