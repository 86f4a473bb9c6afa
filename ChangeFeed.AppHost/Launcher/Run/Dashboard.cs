using System.Diagnostics;

namespace OrderPipeline.AppHost.Launcher;

/// <summary>Aspire's dashboard, from the Aspire command line tool: what the services report about themselves, in a browser.</summary>
sealed class Dashboard
{
    static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(1);

    // The tool is no .NET process one could put a startup hook into: a shell ends it when the launcher, who holds the shell's standard
    // input, is gone, and keeps a terminal's Ctrl+C from it.
    const string Guard = """
        trap '' INT
        exec 3<&0
        "$@" </dev/null 3<&- &
        tool=$!
        trap 'kill -TERM $tool' TERM
        (cat <&3 >/dev/null; kill -TERM $tool) >/dev/null 2>&1 &
        exec 3<&-
        wait $tool
        wait $tool
        """;

    readonly ChildProcess _process;

    Dashboard(ChildProcess process, string url, string otlpEndpoint)
    {
        _process = process;
        Url = url;
        OtlpEndpoint = otlpEndpoint;
    }

    public string Url { get; }

    /// <summary>Where services send their telemetry, OTLP over gRPC.</summary>
    public string OtlpEndpoint { get; }

    public static Dashboard Start(string command, LauncherConsole console)
    {
        var tool = Find(command) ?? throw new LaunchException(
            $"--dashboard needs the Aspire command line tool, and there is no '{command}': install it ('npm install -g @microsoft/aspire-cli-linux-x64', "
            + "or as https://aspire.dev says), or tell where it is with --Dashboard:Command FILE.");
        var url = $"http://127.0.0.1:{LoopbackPorts.Take()}";
        var otlpEndpoint = $"http://127.0.0.1:{LoopbackPorts.Take()}";
        string[] arguments =
        [
            "dashboard", "run", "--frontend-url", url, "--otlp-grpc-url", otlpEndpoint, "--otlp-http-url", $"http://127.0.0.1:{LoopbackPorts.Take()}",
            "--allow-anonymous", "--non-interactive", "--nologo",
        ];
        var start = OperatingSystem.IsWindows()
            ? new ProcessStartInfo(tool, arguments)
            : new ProcessStartInfo("/bin/sh", ["-c", Guard, "sh", tool, .. arguments]);
        var process = ChildProcess.Start(start, _ => { });
        _ = SayWhenItEndsAsync(process, console);
        return new Dashboard(process, url, otlpEndpoint);
    }

    public async Task StopAsync()
    {
        _process.Stop();
        await Task.WhenAny(_process.Exited, Task.Delay(StopTimeout));
        _process.Kill();
    }

    static async Task SayWhenItEndsAsync(ChildProcess process, LauncherConsole console)
    {
        if (await process.Exited is not 0 and var exitCode)
            console.Say($"The dashboard has ended with exit code {exitCode}: {string.Join(' ', process.LastLines)}");
    }

    static string? Find(string command)
    {
        if (Path.GetFileName(command) != command) return File.Exists(command) ? Path.GetFullPath(command) : null;
        var names = OperatingSystem.IsWindows() ? new[] { $"{command}.exe", $"{command}.cmd" } : [command];
        return (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(directory => names.Select(name => Path.Combine(directory, name)))
            .FirstOrDefault(File.Exists);
    }
}
