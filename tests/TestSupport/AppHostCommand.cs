using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;
using ChangeFeed.AppHost.Testing;

namespace TestSupport;

/// <summary>The app host's own process, as somebody starts it in a terminal.</summary>
internal sealed class AppHostCommand : IAsyncDisposable
{
    /// <summary>What ends it, with everything it has started.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(180);

    // Inherited by everything the process starts, however far down: so they are found when it is gone.
    private const string Mark = "ORDER_PIPELINE_TEST_RUN";

    private readonly string _run = Guid.NewGuid().ToString("N");
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly Process _process;

    private AppHostCommand(IEnumerable<string> arguments, IEnumerable<KeyValuePair<string, string>> environment)
    {
        var start = new ProcessStartInfo("dotnet", [RunningPipeline.Assembly("ChangeFeed.AppHost"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { [Mark] = _run },
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public IReadOnlyCollection<string> Lines => _lines;

    public string Output => string.Join(Environment.NewLine, _lines);

    public Uri CustomerCare => new(Said(@"Customer care\s+(http\S+)"));

    public Uri OrdersApi => new(Said(@"Orders API\s+(http\S+)/swagger"));

    public string Dashboard => Said(@"Dashboard\s+(http\S+)");

    /// <summary>Starts it with these arguments and nothing else.</summary>
    public static AppHostCommand Begin(params string[] arguments) => new(arguments, []);

    /// <summary>Starts it on free ports and waits until it says that everything is healthy.</summary>
    public static Task<AppHostCommand> StartAsync(string data, params string[] arguments) =>
        StartAsync(data, new Dictionary<string, string>(), arguments);

    /// <inheritdoc cref="StartAsync(string, string[])"/>
    /// <param name="data">The data directory.</param>
    /// <param name="environment">What it finds in its environment.</param>
    /// <param name="arguments">More options.</param>
    public static async Task<AppHostCommand> StartAsync(
        string data, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var command = new AppHostCommand([.. PipelineApplication.OnFreePorts(data), .. arguments], environment);
        await command.SaysAsync("Ctrl+C stops everything.");
        return command;
    }

    public async Task SaysAsync(string text)
    {
        await Eventually.GetAsync(
            () => Task.FromResult(_process.HasExited || Output.Contains(text, StringComparison.Ordinal)), said => said, Deadline, $"'{text}' in: {Output}");
        Output.ShouldContain(text);
    }

    /// <summary>Waits for its end.</summary>
    public async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Deadline, TestContext.Current.CancellationToken);
        return _process.ExitCode;
    }

    /// <summary>Ctrl+C.</summary>
    public void Interrupt() => _process.SendInterrupt();

    /// <summary>kill -9 of the app host alone.</summary>
    public void Kill() => Signals.SendKill(_process.Id);

    /// <summary>kill -9 of the app host and of everything it has started.</summary>
    public async Task KillEverythingAsync()
    {
        await Eventually.GetAsync(() =>
        {
            var left = Processes();
            foreach (var pid in left)
                Signals.TrySendKill(pid);
            return Task.FromResult(left);
        }, left => left.Count == 0, Deadline, "The end of everything");
        await ExitAsync(); // its memory goes a moment before its files are closed, the claim of the data directory among them
    }

    /// <summary>What of it still runs: the app host, the orchestrator, the dashboard, the services.</summary>
    public IReadOnlyList<int> Processes() =>
        [.. Directory.EnumerateDirectories("/proc").Select(path => int.TryParse(Path.GetFileName(path), out var pid) ? pid : 0)
            .Where(pid => pid > 0 && IsMine(pid))];

    /// <summary>The same without Aspire's own processes.</summary>
    public IReadOnlyList<string> Services() =>
        [.. Processes().Select(CommandLine)
        .Where(line => line.Contains("/Orders.", StringComparison.Ordinal) || line.Contains("/ChangeFeed.Emulator.", StringComparison.Ordinal))];

    public async ValueTask DisposeAsync()
    {
        await KillEverythingAsync();
        _process.Dispose();
    }

    private bool IsMine(int pid) => Read(pid, "environ").Contains($"{Mark}={_run}", StringComparison.Ordinal);

    private static string CommandLine(int pid) => Read(pid, "cmdline").Replace('\0', ' ');

    private static string Read(int pid, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/{file}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ""; // it ended meanwhile, or it is somebody else's
        }
    }

    private string Said(string pattern) => Regex.Match(Output, pattern) is { Success: true } match
        ? match.Groups[1].Value
        : throw new InvalidOperationException($"The app host has not said '{pattern}':{Environment.NewLine}{Output}");

    private void Keep(string? line)
    {
        if (line is not null)
            _lines.Enqueue(line);
    }
}
