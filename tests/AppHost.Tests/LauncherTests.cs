using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using System.Text.RegularExpressions;

namespace OrderPipeline.AppHost.Tests;

/// <summary>The launcher and what it launches, as processes.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class LauncherTests
{
    public LauncherTests() => Assert.SkipWhen(OperatingSystem.IsWindows(), "The test sends signals.");

    [Fact]
    public async Task A_resource_starts_only_when_what_it_waits_for_is_healthy()
    {
        using var host = new HostProcess("store;healthy-after=700", "worker;waits=store");
        await host.ReadyAsync();
        var lines = host.Lines.ToList();
        lines.IndexOf("worker   | started").ShouldBeGreaterThan(lines.IndexOf("store    | says it is healthy"));
    }

    [Fact]
    public async Task Ctrl_C_stops_everything_in_reverse_order_and_frees_the_ports()
    {
        using var host = new HostProcess("store", "worker;waits=store;replicas=2");
        await host.ReadyAsync();
        var ports = host.Resources.Select(r => new Uri(r.Url!).Port).ToList();

        host.Signal(HostProcess.Sigint);

        (await host.ExitAsync()).ShouldBe(0);
        host.Lines.Where(l => l.EndsWith("| stopped", StringComparison.Ordinal)).Order().ShouldBe(["store    | stopped", "worker-1 | stopped", "worker-2 | stopped"]);
        host.Lines.Last(l => l.EndsWith("| stopped", StringComparison.Ordinal)).ShouldBe("store    | stopped");
        ports.ShouldAllBe(port => LoopbackPorts.IsFree(port));
        File.Exists(host.StateFile).ShouldBeFalse();
    }

    [Fact]
    public async Task What_does_not_stop_when_asked_is_killed()
    {
        using var host = new HostProcess("store", "worker;waits=store;deaf");
        await host.ReadyAsync();
        var pids = host.Resources.Select(r => r.Pid!.Value).ToList();

        var watch = Stopwatch.StartNew();
        host.Signal(HostProcess.Sigterm);

        (await host.ExitAsync()).ShouldBe(0);
        // Six seconds of patience with the deaf one, and room for a busy machine.
        watch.Elapsed.ShouldBeInRange(TimeSpan.FromSeconds(5.5), TimeSpan.FromSeconds(30));
        host.Lines.ShouldContain("app host | worker has not stopped and is killed.");
        pids.ShouldAllBe(pid => !HostProcess.IsRunning(pid));
    }

    [Fact]
    public async Task A_terminals_Ctrl_C_reaches_only_the_launcher_which_decides_the_order()
    {
        using var host = new HostProcess("store");
        await host.ReadyAsync();
        HostProcess.ProcessGroupOf(host.Resources[0].Pid!.Value).ShouldNotBe(host.ProcessGroup);
    }

    [Fact]
    public async Task A_resource_that_dies_is_reported_with_its_exit_code_and_last_lines_while_the_others_keep_running()
    {
        using var host = new HostProcess("store", "worker;waits=store;exit-code=7;says=the cache is on fire");
        await host.ReadyAsync();
        using (var client = new HttpClient())
            await client.PostAsync($"{host.Resources[1].Url}/exit", null, TestContext.Current.CancellationToken);
        await host.SaysAsync("The others keep running");

        host.Lines.ShouldContain("app host | worker has ended with exit code 7; its last lines:");
        host.Lines.ShouldContain("app host |   the cache is on fire");
        host.Resources.Select(r => (r.Name, r.State, r.ExitCode)).ShouldBe([("store", "healthy", null), ("worker", "exited", 7)]);
        HostProcess.IsRunning(host.Resources[0].Pid!.Value).ShouldBeTrue();
    }

    [Fact]
    public async Task A_resource_that_dies_while_starting_stops_everything()
    {
        using var host = new HostProcess("store", "worker;waits=store;healthy-after=60000;exit-after=100;exit-code=7;says=no such table");

        (await host.ExitAsync()).ShouldBe(1);
        host.Lines.ShouldContain("app host |   no such table");
        host.Lines.ShouldContain("worker ended with exit code 7 while starting, so everything was stopped; its last lines are above.");
        host.Lines.ShouldContain("store    | stopped");
    }

    [Fact]
    public async Task What_is_waited_for_is_said_and_can_be_interrupted()
    {
        using var host = new HostProcess("store", "worker;healthy-after=600000");
        await host.SaysAsync(" 1 of 2 are healthy; waiting for worker.");
        host.Signal(HostProcess.Sigint);
        (await host.ExitAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task What_does_not_become_healthy_in_time_is_named_and_everything_stops()
    {
        using var host = new HostProcess(null, ["worker;healthy-after=600000"], "--start-timeout", "2");
        (await host.ExitAsync()).ShouldBe(1);
        host.Lines.ShouldContain(l => Regex.IsMatch(l, @"^Not everything was healthy within 2 s: worker \((GET http://127\.0\.0\.1:\d+/health .+|not asked yet)\)\. Everything was stopped; "));
    }

    [Fact]
    public async Task Nothing_survives_a_launcher_that_is_killed_and_the_next_one_starts()
    {
        using var host = new HostProcess("store", "worker;waits=store");
        await host.ReadyAsync();
        var before = host.Resources;

        host.Signal(HostProcess.Sigkill);
        await host.ExitAsync();
        await host.Until(() => before.All(r => !HostProcess.IsRunning(r.Pid!.Value)), "the end of all processes");
        before.ShouldAllBe(r => LoopbackPorts.IsFree(new Uri(r.Url!).Port));

        using var next = new HostProcess(host.DataDirectory, ["store"]);
        await next.ReadyAsync();
    }

    [Fact]
    public async Task A_second_app_host_on_the_same_data_directory_is_refused()
    {
        using var first = new HostProcess("store");
        await first.ReadyAsync();
        using var second = new HostProcess(first.DataDirectory, ["store"]);

        (await second.ExitAsync()).ShouldBe(1);
        second.Lines.ShouldBe([$"The data directory {first.DataDirectory} is used by another app host: stop that one, or choose another directory with --data DIR."]);
        first.Resources[0].State.ShouldBe("healthy");
    }

    [Fact]
    public async Task The_table_and_the_state_file_tell_what_runs_where()
    {
        using var host = new HostProcess("store", "worker;waits=store;replicas=2;prefix=worker:");
        await host.ReadyAsync();

        var resources = host.Resources;
        resources.Select(r => (r.Name, r.Resource, r.State, r.LeasePrefix)).ShouldBe(
            [("store", "store", "healthy", null), ("worker-1", "worker", "healthy", "worker:"), ("worker-2", "worker", "healthy", "worker:")]);
        resources.Select(r => r.Url).Distinct().Count().ShouldBe(3);

        var lines = host.Lines;
        var table = lines.SkipWhile(l => !l.StartsWith("NAME ", StringComparison.Ordinal)).TakeWhile(l => l.Length > 0).Select(l => Regex.Split(l, "  +"));
        table.Skip(1).Select(row => string.Join(' ', row)).ShouldBe(
            resources.Select(r => $"{r.Name} healthy {r.Pid} {r.Url} {r.LeasePrefix ?? "-"}"));
    }

    [Fact]
    public async Task A_service_gets_the_environment_Aspire_would_give_it()
    {
        using var host = new HostProcess("orders-api", "care;references=orders-api;environment");
        await host.ReadyAsync();

        var api = host.Resources[0].Url;
        host.Lines.ShouldContain($"care       | services__orders-api__http__0={api}");
        host.Lines.ShouldContain($"care       | ORDERS_API_HTTP={api}");
        host.Lines.ShouldContain($"care       | ASPNETCORE_URLS={host.Resources[1].Url}");
        host.Lines.ShouldContain("care       | OTEL_SERVICE_NAME=care");
        host.Lines.ShouldContain("care       | ASPNETCORE_ENVIRONMENT=Development");
        host.Lines.ShouldNotContain(l => l.Contains("DOTNET_STARTUP_HOOKS", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_dashboard_gets_the_telemetry_and_does_not_outlive_the_launcher()
    {
        using var directory = new TemporaryDirectory();
        var tool = Path.Combine(directory.Path, "aspire");
        await File.WriteAllTextAsync(tool, $"#!/bin/sh\necho $$ > {directory.Path}/pid\necho \"$@\" > {directory.Path}/arguments\nexec sleep 600\n", TestContext.Current.CancellationToken);
        File.SetUnixFileMode(tool, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        using var host = new HostProcess(null, ["store;environment"], "--dashboard=true", $"--Dashboard:Command={tool}");
        await host.ReadyAsync();
        var arguments = (await File.ReadAllTextAsync(Path.Combine(directory.Path, "arguments"), TestContext.Current.CancellationToken)).Split(' ');
        var pid = int.Parse(await File.ReadAllTextAsync(Path.Combine(directory.Path, "pid"), TestContext.Current.CancellationToken), CultureInfo.InvariantCulture);
        host.Lines.ShouldContain($"store    | OTEL_EXPORTER_OTLP_ENDPOINT={arguments[Array.IndexOf(arguments, "--otlp-grpc-url") + 1]}");
        host.Lines.ShouldContain($"app host | Telemetry is shown at {arguments[Array.IndexOf(arguments, "--frontend-url") + 1]}");

        host.Signal(HostProcess.Sigkill);
        await host.Until(() => !HostProcess.IsRunning(pid), "the end of the dashboard");
    }

    [Fact]
    public async Task A_dashboard_that_is_not_installed_is_one_sentence()
    {
        using var host = new HostProcess(null, ["store"], "--dashboard=true", "--Dashboard:Command=no-such-tool");
        (await host.ExitAsync()).ShouldBe(1);
        host.Lines.ShouldHaveSingleItem().ShouldStartWith("--dashboard needs the Aspire command line tool, and there is no 'no-such-tool': ");
    }

    [Fact]
    public async Task Losing_the_data_directory_keeps_nothing_from_stopping()
    {
        using var parent = new TemporaryDirectory();
        var data = Path.Combine(parent.Path, "data");
        using var host = new HostProcess(data, ["store"]);
        await host.ReadyAsync();
        Directory.Delete(data, recursive: true);

        host.Signal(HostProcess.Sigint);
        (await host.ExitAsync()).ShouldBe(0);
        host.Lines.ShouldContain("store    | stopped");
    }
}
