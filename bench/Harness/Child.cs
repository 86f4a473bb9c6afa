using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Bench.Harness;

/// <summary>A process the bench started, and stops whatever happens.</summary>
internal sealed class Child : IAsyncDisposable
{
    private const int SigInt = 2;
    private const int SigTerm = 15;
    private const int KeptLines = 30;

    /// <summary>The host that started this program starts the others too.</summary>
    public static readonly string DotNet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    private static readonly Lock Gate = new();
    private static readonly HashSet<Child> Running = [];

    private readonly Process _process;
    private readonly Queue<string> _lines = new();
    private readonly int _stopSignal;
    private readonly TaskCompletionSource<string> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    static Child() => AppDomain.CurrentDomain.ProcessExit += (_, _) => KillAll();

    private Child(string name, ProcessStartInfo start, string? readyLine, int stopSignal)
    {
        Name = name;
        _stopSignal = stopSignal;
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        start.UseShellExecute = false;
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.Exited += (_, _) => _ready.TrySetException(new BenchException($"{Name} ended with exit code {_process.ExitCode}. {LastLines}"));
        _process.Start();
        lock (Gate)
            Running.Add(this);
        Pump(_process.StandardOutput, readyLine);
        Pump(_process.StandardError, readyLine);
    }

    public string Name { get; }

    public int Pid => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>The last lines it wrote, for a message that says why it is gone.</summary>
    public string LastLines
    {
        get
        {
            lock (_lines)
                return _lines.Count == 0 ? "It wrote nothing." : "Its last lines:\n  " + string.Join("\n  ", _lines);
        }
    }

    /// <summary>Starts a program; <paramref name="readyLine"/> is how the line begins with which it says that it is ready.</summary>
    public static Child Start(
        string name, string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null,
        string? readyLine = null, bool interruptToStop = false)
    {
        var start = new ProcessStartInfo(program, arguments);
        foreach (var (key, value) in environment ?? new Dictionary<string, string>())
            start.Environment[key] = value;
        return new Child(name, start, readyLine, interruptToStop ? SigInt : SigTerm);
    }

    /// <summary>This program once more, in another role.</summary>
    public static Child StartRole(string name, params IEnumerable<string> arguments) =>
        Start(name, DotNet, [typeof(Child).Assembly.Location, .. arguments], readyLine: Role.ReadyLine);

    /// <summary>The rest of the line with which it said that it is ready.</summary>
    public Task<string> ReadyAsync(TimeSpan deadline, CancellationToken stop) => _ready.Task.WaitAsync(deadline, stop);

    public async Task<int> ExitCodeAsync(CancellationToken stop)
    {
        await _process.WaitForExitAsync(stop);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _ = Signal(_process.Id, _stopSignal);
            using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(10));
            try
            {
                await _process.WaitForExitAsync(deadline.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill(entireProcessTree: true);
            }
        }

        lock (Gate)
            Running.Remove(this);
        _process.Dispose();
    }

    // A thread each: reading a pipe blocks, and the pool's threads are what is being measured.
    private void Pump(StreamReader output, string? readyLine) => new Thread(() =>
    {
        while (output.ReadLine() is { } line)
        {
            lock (_lines)
            {
                if (_lines.Count == KeptLines)
                    _lines.Dequeue();
                _lines.Enqueue(line);
            }

            if (readyLine is not null && line.StartsWith(readyLine, StringComparison.Ordinal))
                _ready.TrySetResult(line[readyLine.Length..].Trim());
        }
    }, maxStackSize: 256 * 1024)
    { IsBackground = true }.Start();

    private static void KillAll()
    {
        lock (Gate)
        {
            foreach (var child in Running.Where(c => !c._process.HasExited))
                child._process.Kill(entireProcessTree: true);
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Signal(int pid, int signal);
}

/// <summary>The bench cannot go on; the message is all its user needs.</summary>
internal sealed class BenchException(string message, Exception? inner = null) : Exception(message, inner);
