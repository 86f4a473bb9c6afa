using System.Diagnostics;
using Aspire.Hosting.ApplicationModel;

namespace OrderPipeline.AppHost.Launcher;

/// <summary>One run of the application.</summary>
static class Launch
{
    static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(8);

    /// <returns>0 after a stop that was asked for, 1 when the application could not start.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<ProjectResource> projects, Func<LauncherSettings> readSettings)
    {
        try
        {
            var settings = readSettings();
            using var signals = new StopSignals();
            using var claim = new DataDirectoryClaim(settings.DataDirectory);
            var plan = new LaunchPlan(projects, LoopbackPorts.Take);
            var console = new LauncherConsole(Console.Out, LauncherConsole.WantsColour, plan.Instances.Select(i => i.Name.Length).Append("app host".Length).Max());
            var stateFile = new StateFile(settings.DataDirectory);
            var dashboard = settings.DashboardCommand is { } command ? Dashboard.Start(command, console) : null;
            using var application = new RunningApplication(plan, console, stateFile, dashboard?.OtlpEndpoint);
            try
            {
                await RunAsync(application, dashboard, console, settings, signals);
            }
            finally
            {
                await application.StopAsync(StopTimeout, signals.AtOnce);
                if (dashboard is not null) await dashboard.StopAsync();
                stateFile.Delete();
                console.Say("Everything has stopped.");
            }

            return 0;
        }
        catch (LaunchException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
    }

    static async Task RunAsync(RunningApplication application, Dashboard? dashboard, LauncherConsole console, LauncherSettings settings, StopSignals signals)
    {
        try
        {
            var watch = Stopwatch.StartNew();
            await application.StartAsync(settings.StartTimeout, signals.Stop);
            console.WriteBlock(application.Summary());
            if (dashboard is not null) console.Say($"Telemetry is shown at {dashboard.Url}");
            console.Say($"Everything is healthy after {watch.Elapsed.TotalSeconds:0.0} s. Ctrl+C stops it.");
            await Task.Delay(Timeout.Infinite, signals.Stop);
        }
        catch (OperationCanceledException) when (signals.Stop.IsCancellationRequested)
        {
            console.Say("Stopping.");
        }
    }
}
