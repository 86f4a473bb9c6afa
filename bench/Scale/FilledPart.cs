using System.Diagnostics;
using System.Runtime.CompilerServices;
using Bench.Care;
using Bench.Harness;
using Bench.Pipeline;
using Bench.Subjects;
using ChangeFeed.EventStore;
using Microsoft.Azure.Cosmos;
using Orders.Contracts;

namespace Bench.Scale;

/// <summary>The same orders on a store that has many already.</summary>
internal static class FilledPart
{
    private const int Reads = 500;

    public static async IAsyncEnumerable<FilledCell> MeasureAsync(
        ScaleOptions options, WorkDirectory directory, [EnumeratorCancellation] CancellationToken stop)
    {
        foreach (var stored in options.Sizes)
        {
            var data = options.Data is null
                ? directory.Sub($"filled-{stored}")
                : Directory.CreateDirectory(Path.Combine(options.Data, $"orders-{stored}")).FullName;
            Progress.Say($"{stored:#,0} orders in {data}");
            var fill = await FilledStore.PrepareAsync(options, data, stored, stop);
            var (started, pointRead, streamRead) = await ReadAsync(data, stored, stop);
            var start = Stopwatch.GetTimestamp();
            await using (var system = await ScaleSystem.StartAsync(options, $"{stored:#,0} orders stored", data, FilledStore.Partitions, 1, stop))
            {
                var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
                var load = await system.MeasureAsync(options, OrderLoad.Spread, stop);
                var memory = Machine.MemoryOf(system.Processes.Single(process => process.Kind == Kind.Store).Pid).Resident / 1e6;
                yield return new FilledCell(stored, fill, started, seconds, pointRead, streamRead, FilledStore.Megabytes(data), memory, load);
            }

            if (options.Data is null)
                Directory.Delete(data, recursive: true);
        }
    }

    /// <summary>The store alone: its start, and what a read takes.</summary>
    private static async Task<(double StartSeconds, double? PointReadMs, double? StreamReadMs)> ReadAsync(
        string directory, int stored, CancellationToken stop)
    {
        var start = Stopwatch.GetTimestamp();
        await using var store = await FilledStore.StartStoreAsync(directory, stop);
        var started = Stopwatch.GetElapsedTime(start).TotalSeconds;
        if (stored == 0)
            return (started, null, null);
        using var client = CosmosAccount.Connect(store.Address);
        var events = client.GetContainer(RealSystem.Database, RealSystem.Events);
        var streams = new CosmosEventStore(events, OrderEvents.Map, TimeProvider.System);
        return (started, await MedianAsync(ReadEventAsync), await MedianAsync(ReadStreamAsync));

        async Task<double> MedianAsync(Func<string, Task> read)
        {
            var samples = new Samples();
            for (var i = -Reads / 10; i < Reads; i++)
            {
                var id = CareOrders.IdOf(Random.Shared.Next(stored));
                var begun = Stopwatch.GetTimestamp();
                await read(id);
                if (i >= 0)
                    samples.AddTicks(Stopwatch.GetTimestamp() - begun);
            }

            return samples.P50 / 1000;
        }

        async Task ReadEventAsync(string id)
        {
            using var answer = await events.ReadItemStreamAsync("0", new PartitionKey(id), cancellationToken: stop);
            answer.EnsureSuccessStatusCode();
        }

        async Task ReadStreamAsync(string id)
        {
            if ((await streams.ReadStreamAsync(id, stop)).Count is < 4 and var count)
                throw new BenchException($"Stream {id} has {count} events, at least 4 were written.");
        }
    }
}
