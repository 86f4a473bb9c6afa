using System.Diagnostics;
using System.Globalization;
using ChangeFeed.AppHost.Options;
using ChangeFeed.Emulator.Aspire;

namespace ChangeFeed.AppHost.Tests;

/// <summary>What the Dockerfile publishes starts with the environment docker-compose.yml gives it, and its health check sees it.</summary>
public sealed class PublishedServiceTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private static readonly ComposeFile Compose = ComposeFile.Read();
    private readonly TemporaryDirectory _directory = new();
    private readonly List<Process> _processes = [];

    [Fact]
    public async Task The_store_and_a_service_published_become_healthy()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The images are Linux images, and their health check is a bash script.");
        var storePort = LoopbackPort.Take();
        var apiPort = LoopbackPort.Take();
        // What differs from a container: the ports, loopback instead of every address, and a directory instead of the volume.
        string Here(string text) => text.Replace("http://cosmos:8081/", $"http://127.0.0.1:{storePort}/", StringComparison.Ordinal)
            .Replace("/data", Path.Combine(_directory.Path, "data"), StringComparison.Ordinal)
            .Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal)
            .Replace("8081", storePort.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);

        var store = Compose.Services["cosmos"];
        Start(await PublishAsync(store), store.Command.Select(Here), []);
        await HealthyAsync(store, storePort);

        var api = Compose.Services["orders-api"];
        var environment = api.Environment.Where(e => e.Value is not null).ToDictionary(e => e.Key, e => Here(e.Value!));
        environment.Remove("ASPNETCORE_HTTP_PORTS").ShouldBeTrue();
        Start(await PublishAsync(api), api.Command, environment.Append(new("ASPNETCORE_URLS", $"http://127.0.0.1:{apiPort}")));
        await HealthyAsync(api, apiPort);
    }

    [Fact]
    public async Task The_health_check_fails_where_nothing_answers()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The health check is a bash script.");
        (await HealthCheckAsync(LoopbackPort.Take(), "/health")).ShouldNotBe(0);
    }

    public void Dispose()
    {
        foreach (var process in _processes)
        {
            process.Kill();
            process.WaitForExit();
            process.Dispose();
        }

        _directory.Dispose();
    }

    private async Task<string> PublishAsync(ComposeFile.Service service)
    {
        var project = service.Build.Project;
        var output = Path.Combine(_directory.Path, project);
        var publish = await RunAsync(
            "dotnet", "publish", Path.Combine(RunningPipeline.RepositoryRoot, "src", project, $"{Path.GetFileName(project)}.csproj"), "-c", "Debug", "-o",
            output, "-v", "q");
        publish.ExitCode.ShouldBe(0, publish.Output);
        return Path.Combine(output, $"{Path.GetFileName(project)}.dll");
    }

    private void Start(string assembly, IEnumerable<string> arguments, IEnumerable<KeyValuePair<string, string>> environment)
    {
        var start = new ProcessStartInfo("dotnet", [assembly, .. arguments]) { WorkingDirectory = Path.GetDirectoryName(assembly) };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        _processes.Add(Process.Start(start)!);
    }

    private async Task HealthyAsync(ComposeFile.Service service, int port)
    {
        var path = service.Healthcheck.Test is ["CMD", "healthcheck", _, var p] ? p : throw new InvalidOperationException("Not the health check of the image.");
        var watch = Stopwatch.StartNew();
        while (await HealthCheckAsync(port, path) != 0)
        {
            _processes[^1].HasExited.ShouldBeFalse($"{service.Build.Project} has ended");
            watch.Elapsed.ShouldBeLessThan(Deadline, $"{service.Build.Project} is not healthy");
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
    }

    private static async Task<int> HealthCheckAsync(int port, string path) =>
        (await RunAsync("bash", Path.Combine(RunningPipeline.RepositoryRoot, "deploy", "healthcheck"), port.ToString(CultureInfo.InvariantCulture), path))
            .ExitCode;

    private static async Task<(int ExitCode, string Output)> RunAsync(string command, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output + await errors);
    }
}
