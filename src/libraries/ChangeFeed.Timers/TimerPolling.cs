using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ChangeFeed.Timers;

/// <summary>
/// Looks at the index of due times at intervals, one instance for all. Begins at once, so what became due while nothing ran fires first.
/// </summary>
internal sealed class TimerPolling(
    IEnumerable<TimerFiring> firings, TimerStore timers, IOptions<TimerOptions> options, TimeProvider time, ILogger<TimerPolling> logger) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(firings.Select(firing => PollAsync(firing, stoppingToken)));

    private async Task PollAsync(TimerFiring firing, CancellationToken stop)
    {
        TimerTelemetry.Begin(firing.Name);
        using var ticks = new PeriodicTimer(options.Value.PollInterval, time);
        try
        {
            do
            {
                try
                {
                    // The turn is a document of the store, and so tells its time: the clocks of the instances may say what they like.
                    if (await timers.TakeTurnAsync(firing.Name, options.Value.PollInterval, stop) is { } now)
                        await firing.FireDueAsync(now, stop);
                }
                catch (Exception e) when (e is CosmosException or HttpRequestException or OperationCanceledException && !stop.IsCancellationRequested)
                {
                    logger.LogWarning(e, "Timers {Timer}: what is due could not be asked; tried again in {Interval}.", firing.Name, options.Value.PollInterval);
                }
            }
            while (await ticks.WaitForNextTickAsync(stop));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
    }
}
