using System.Diagnostics;
using Aspire.Hosting.ApplicationModel;
using ChangeFeed.AppHost.Options;
using Microsoft.Extensions.Hosting;

namespace ChangeFeed.AppHost.Lifecycle;

/// <summary>
/// Says on the console when everything is up and where to find it, or what has ended and its last lines. What never comes up, or does
/// not in time, ends everything: half a system only misleads. What was up and ends leaves the others running.
/// </summary>
internal sealed class StartupReport(
    DistributedApplicationModel model,
    ResourceNotificationService notifications,
    ResourceLoggerService logs,
    WhereToFindIt whereToFindIt,
    ServiceProcesses processes,
    Browser browser,
    Settings settings,
    IHostApplicationLifetime lifetime) : BackgroundService
{
    private const int LastLines = 10;

    private static readonly TimeSpan ProgressInterval = TimeSpan.FromSeconds(10);

    private readonly ServiceInstances _instances = new(
        model.Resources.Where(r => r is ProjectResource or CosmosEmulatorResource).ToDictionary(r => r.Name, r => r.GetReplicaCount()));

    private readonly long _start = Stopwatch.GetTimestamp();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var startTimeout = new Timer(_ => EndUnlessStarted(), null, settings.StartTimeout, Timeout.InfiniteTimeSpan);
        using var progress = new Timer(_ => SayProgress(), null, ProgressInterval, ProgressInterval);
        try
        {
            await foreach (var change in notifications.WatchAsync(stoppingToken))
                await TakeInAsync(change, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Everything stops.
        }
    }

    private async Task TakeInAsync(ResourceEvent change, CancellationToken cancellationToken)
    {
        bool hasEnded, wasUp, isUp;
        processes.Add(change);
        lock (_instances)
        {
            var hadStarted = _instances.HaveStarted;
            hasEnded = _instances.Update(change.Resource.Name, change.ResourceId, change.Snapshot);
            wasUp = _instances.HasBeenHealthy(change.Resource.Name);
            isUp = !hadStarted && _instances.HaveStarted;
        }

        if (isUp)
        {
            whereToFindIt.Write(Console.Out, Stopwatch.GetElapsedTime(_start));
            browser.OpenWhereThereIsOne(whereToFindIt.DashboardLogin);
        }

        if (hasEnded && !lifetime.ApplicationStopping.IsCancellationRequested)
            await SayEndAsync(change, wasUp, cancellationToken);
    }

    private async Task SayEndAsync(ResourceEvent change, bool wasUp, CancellationToken cancellationToken)
    {
        var (name, exitCode) = (change.Resource.Name, change.Snapshot.ExitCode);
        Console.WriteLine($"{name} has ended with exit code {exitCode?.ToString() ?? "unknown"}; its last lines:");
        try
        {
            foreach (var line in await LastLinesAsync(change.ResourceId, cancellationToken))
                Console.WriteLine($"  {line}");
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Whoever restarts a service may have made the orchestrator forget the process already. That must not end the watch, and with
            // it everything else.
            Console.WriteLine($"  (they cannot be read any more: {e.Message})");
        }

        if (wasUp)
            Console.WriteLine("The others keep running; the dashboard can start it again.");
        else
            End($"{name} ended with exit code {exitCode} while starting, so everything is stopped; its last lines are above.");
    }

    private async Task<IEnumerable<string>> LastLinesAsync(string resourceId, CancellationToken cancellationToken)
    {
        var lines = new List<string>();
        await foreach (var page in logs.GetAllAsync(resourceId).WithCancellation(cancellationToken))
            lines.AddRange(page.Select(line => line.Content));
        return lines.TakeLast(LastLines);
    }

    private void SayProgress()
    {
        lock (_instances)
            if (!_instances.HaveStarted && !lifetime.ApplicationStopping.IsCancellationRequested)
                Console.WriteLine($"After {Stopwatch.GetElapsedTime(_start).TotalSeconds:0} s waiting for {string.Join(", ", _instances.Starting)}.");
    }

    private void EndUnlessStarted()
    {
        lock (_instances)
            if (!_instances.HaveStarted)
                End($"Not healthy within {settings.StartTimeout.TotalSeconds:0} s: {string.Join(", ", _instances.Starting)}. "
                    + "Everything is stopped; --start-timeout SECONDS allows more time.");
    }

    private void End(string why)
    {
        if (lifetime.ApplicationStopping.IsCancellationRequested) return;
        Console.Error.WriteLine(why);
        Environment.ExitCode = 1;
        lifetime.StopApplication();
    }
}
