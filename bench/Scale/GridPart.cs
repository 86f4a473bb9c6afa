using System.Runtime.CompilerServices;
using Bench.Harness;

namespace Bench.Scale;

/// <summary>Partitions against instances of each worker.</summary>
internal static class GridPart
{
    public static async IAsyncEnumerable<GridCell> MeasureAsync(
        ScaleOptions options, WorkDirectory directory, [EnumeratorCancellation] CancellationToken stop)
    {
        foreach (var partitions in options.Partitions)
        {
            foreach (var instances in options.Instances)
            {
                var name = $"{partitions} partitions, {instances} instances";
                var data = directory.Sub($"grid-{partitions}-{instances}");
                Progress.Say($"starting {name}");
                await using (var system = await ScaleSystem.StartAsync(options, name, data, partitions, instances, stop))
                {
                    var load = await system.MeasureAsync(options, OrderLoad.Spread, stop);
                    yield return new GridCell(partitions, instances, await new FeedProgress(system.Stored).AtWorkAsync(stop), load);
                }

                Directory.Delete(data, recursive: true);
            }
        }
    }
}
