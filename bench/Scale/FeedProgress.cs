using System.Diagnostics;
using Bench.Harness;
using Bench.Pipeline;
using ChangeFeed.MassTransit;
using Microsoft.Azure.Cosmos;
using Orders.Hosting;

namespace Bench.Scale;

/// <summary>How far the readers of the events are, as their leases tell.</summary>
internal sealed class FeedProgress(Database database)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly Container _leases = database.GetContainer(HostingContainers.Leases.Name);
    private readonly Container _controls = database.GetContainer(HostingContainers.Controls.Name);
    private readonly Container _events = database.GetContainer(RealSystem.Events);

    /// <summary>Transactions the endpoint has still to handle that has most of them.</summary>
    public async Task<long> MostBehindAsync(CancellationToken stop) =>
        (await EndpointsAsync(stop)).Max(endpoint => endpoint.Partitions.Sum(partition => partition.Behind));

    /// <summary>Waits until nobody is behind.</summary>
    /// <returns>Seconds.</returns>
    public async Task<double> CatchUpAsync(CancellationToken stop)
    {
        var start = Stopwatch.GetTimestamp();
        while (await MostBehindAsync(stop) is > 0 and var behind)
        {
            if (Stopwatch.GetElapsedTime(start) > Patience)
                throw new BenchException($"After {Patience.TotalSeconds:0} s an endpoint is still {behind} transactions behind.");
            await Task.Delay(Pause, stop);
        }

        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>Instances that own a partition; the mean of the endpoints.</summary>
    public async Task<double> AtWorkAsync(CancellationToken stop) =>
        (await EndpointsAsync(stop)).Average(endpoint => endpoint.Partitions.Select(partition => partition.Owner).OfType<string>().Distinct().Count());

    /// <summary>Lets every endpoint pass over what is there, while none runs.</summary>
    public async Task SkipAllAsync(CancellationToken stop)
    {
        var positions = new EndpointPositions(_leases, _controls, TimeProvider.System, _events);
        foreach (var endpoint in await EndpointsAsync(stop))
        {
            var plan = await positions.PlanAsync(endpoint.Name, PositionTarget.Now, stop);
            if (await positions.MoveAsync(endpoint.Name, PositionTarget.Now, plan!.Token, "bench", "filled by the bench", stop) is not { FinishedAt: not null })
                throw new BenchException($"{endpoint.Name} could not be moved behind the events that were filled in.");
        }
    }

    private async Task<IReadOnlyList<EndpointProgress>> EndpointsAsync(CancellationToken stop) =>
        await new EndpointDirectory(_leases, _events).ReadAsync(stop) is { Count: > 0 } endpoints
            ? endpoints
            : throw new BenchException("Nobody has ever read the events.");
}
