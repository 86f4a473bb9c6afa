using System.Diagnostics;
using Aspire.Hosting.ApplicationModel;

namespace OrderPipeline.AppHost.Launcher;

/// <summary>One run of the application.</summary>
static class Launch
{
    static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(9);

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
            using var application = new RunningApplication(plan, console, stateFile, Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT"));
            try
            {
                await RunAsync(application, console, settings, signals);
            }
            finally
            {
                await application.StopAsync(StopTimeout, signals.AtOnce);
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

    static async Task RunAsync(RunningApplication application, LauncherConsole console, LauncherSettings settings, StopSignals signals)
    {
        try
        {
            var watch = Stopwatch.StartNew();
            await application.StartAsync(settings.StartTimeout, signals.Stop);
            console.WriteBlock(application.Summary());
            console.Say($"Everything is healthy after {watch.Elapsed.TotalSeconds:0.0} s. Ctrl+C stops it.");
            await Task.Delay(Timeout.Infinite, signals.Stop);
        }
        catch (OperationCanceledException) when (signals.Stop.IsCancellationRequested)
        {
            console.Say("Stopping.");
        }
    }
}
