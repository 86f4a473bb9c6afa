using System.Collections.Concurrent;
using ChangeFeed.MassTransit.Engine;
using ChangeFeed.MassTransit.Handling;
using ChangeFeed.MassTransit.Health;
using Microsoft.Extensions.Logging;

namespace ChangeFeed.MassTransit.Rider;

/// <summary>Something an endpoint looks at now and then.</summary>
internal sealed record PeriodicTask(string Name, TimeSpan Interval, Func<CancellationToken, Task> RunAsync)
{
    /// <summary>How long it is until the next time, where that is agreed with others; null where it is the interval.</summary>
    public Func<TimeSpan>? UntilNext { get; init; }
}

/// <summary>What runs behind one endpoint of this instance.</summary>
internal sealed class FeedEndpoint(
    string name,
    FailurePolicy policy,
    EndpointEngine engine,
    EndpointGate gate,
    EndpointStatus status,
    IParking? parking,
    TimeProvider time,
    ILogger logger)
{
    private volatile Surveillance? _surveillance;

    public string Name => name;

    public FailurePolicy Policy => policy;

    public EndpointEngine Engine => engine;

    public EndpointGate Gate => gate;

    public EndpointStatus State => status;

    public IParking? Parking => parking;

    public LagMonitor? Lag => _surveillance?.Lag;

    /// <summary>What the looking around failed with last, until it worked again.</summary>
    public ConcurrentDictionary<string, Exception> TaskErrors { get; } = new();

    /// <summary>Looks around until told to stop, until the processor seems dead, or until another leg is to be read.</summary>
    /// <returns>True where another leg is to be read.</returns>
    public async Task<bool> SuperviseAsync(Surveillance surveillance, CancellationToken stop)
    {
        _surveillance = surveillance;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var loops = surveillance.Tasks.Select(task => LoopAsync(surveillance, task, end)).Append(Task.Delay(Timeout.InfiniteTimeSpan, end.Token));
        try
        {
            await Task.WhenAll(loops);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
        }
        finally
        {
            surveillance.Lag?.Clear();
            await (surveillance.Heartbeat?.EndAsync() ?? Task.CompletedTask);
        }

        return surveillance.Leg is { IsOver: true };
    }

    private async Task LoopAsync(Surveillance surveillance, PeriodicTask task, CancellationTokenSource end)
    {
        while (true)
        {
            try
            {
                await task.RunAsync(end.Token);
                TaskErrors.TryRemove(task.Name, out _);
            }
            catch (Exception e) when (e is not OperationCanceledException || !end.IsCancellationRequested)
            {
                TaskErrors[task.Name] = e;
                status.Failed($"{task.Name} fails: {e.Message}");
                logger.LogWarning(e, "{Endpoint}: {Task} failed; tried again in {Interval}.", name, task.Name, task.Interval);
            }

            if (surveillance.Lag is { ProcessorSeemsDead: true } || surveillance.Leg is { IsOver: true })
                await end.CancelAsync();
            await Task.Delay(task.UntilNext?.Invoke() ?? task.Interval, time, end.Token);
        }
    }
}
