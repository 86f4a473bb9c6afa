using System.Runtime.CompilerServices;
using Bench.Harness;

namespace Bench.Scale;

/// <summary>All orders of one customer, against as many of a thousand: one logical partition of that view instead of all.</summary>
internal static class HotPart
{
    private const int Partitions = 4;

    public static async IAsyncEnumerable<HotCell> MeasureAsync(
        ScaleOptions options, WorkDirectory directory, [EnumeratorCancellation] CancellationToken stop)
    {
        (string Name, Func<int, string> Customer)[] kinds = [("1,000 customers", OrderLoad.Spread), ("one customer", OrderLoad.Hot)];
        await using var system = await ScaleSystem.StartAsync(options, "hot customer", directory.Sub("hot"), Partitions, instances: 1, stop);
        await system.MeasureAsync(options, OrderLoad.Spread, stop); // every customer has a key from here on
        foreach (var (name, customer) in kinds.Concat(kinds.Reverse())) // there and back: the machine drifts, and gets warmer
            yield return new HotCell(name, await system.MeasureWarmAsync(options, customer, stop));
    }
}
