using System.Collections.Concurrent;
using ChangeFeed.MassTransit.Engine;
using ChangeFeed.MassTransit.Handling;
using ChangeFeed.MassTransit.Health;
using Microsoft.Extensions.Logging;

namespace ChangeFeed.MassTransit.Rider;

/// <summary>Something an endpoint looks at now and then.</summary>
internal sealed record PeriodicTask(string Name, TimeSpan Interval, Func<CancellationToken, Task> RunAsync);

/// <summary>What runs behind one endpoint of this instance.</summary>
internal sealed class FeedEndpoint(
    string name,
    FailurePolicy policy,
    EndpointEngine engine,
    EndpointGate gate,
    EndpointStatus status,
    IParking? parking,
    Surveillance surveillance,
    TimeProvider time,
    ILogger logger)
{
    public string Name => name;

    public FailurePolicy Policy => policy;

    public EndpointEngine Engine => engine;

    public EndpointGate Gate => gate;

    public EndpointStatus State => status;

    public IParking? Parking => parking;

    public LagMonitor? Lag => surveillance.Lag;

    /// <summary>What the looking around failed with last, until it worked again.</summary>
    public ConcurrentDictionary<string, Exception> TaskErrors { get; } = new();

    /// <summary>Looks around until told to stop, or until the processor seems dead.</summary>
    public async Task SuperviseAsync(CancellationToken stop)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var loops = surveillance.Tasks.Select(task => LoopAsync(task, end)).Append(Task.Delay(Timeout.InfiniteTimeSpan, end.Token));
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
    }

    private async Task LoopAsync(PeriodicTask task, CancellationTokenSource end)
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

            if (surveillance.Lag is { ProcessorSeemsDead: true })
                await end.CancelAsync();
            await Task.Delay(task.Interval, time, end.Token);
        }
    }
}
