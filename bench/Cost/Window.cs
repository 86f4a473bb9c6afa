using System.Diagnostics;
using Bench.Pipeline;
using Bench.Subjects;

namespace Bench.Cost;

/// <summary>What was used in a while.</summary>
/// <param name="Seconds">How long.</param>
/// <param name="Orders">Orders placed and completed in it.</param>
/// <param name="Use">What the store was asked; bytes are those that were added.</param>
/// <param name="Processor">Seconds of processor time of each service, the store left out.</param>
internal sealed record Window(double Seconds, int Orders, StoreUse Use, IReadOnlyList<double> Processor)
{
    public double OrdersPerSecond => Orders / Seconds;

    public double UnitsPerSecond => Units(_ => true) / Seconds;

    /// <summary>The services, by the names they give the store.</summary>
    public IReadOnlyList<string> Clients => [.. Use.OfServices.Select(entry => entry.Key.Client).Distinct().Order(StringComparer.Ordinal)];

    public IReadOnlyList<string> Containers => [.. Use.OfServices.Select(entry => entry.Key.Container).Distinct().Order(StringComparer.Ordinal)];

    public double Units(Func<(string Container, string Client, string Operation), bool> which) =>
        Use.OfServices.Where(entry => which(entry.Key)).Sum(entry => entry.Value.Units);

    /// <summary>Of an order, without what would have been used at rest.</summary>
    public double PerOrder(Window rest, Func<(string Container, string Client, string Operation), bool> which) =>
        (Units(which) / Seconds - rest.Units(which) / rest.Seconds) * Seconds / Orders;

    public static Task<Window> RestAsync(RealSystem system, double seconds, CancellationToken stop) =>
        MeasureAsync(system, async () =>
        {
            await Task.Delay(TimeSpan.FromSeconds(seconds), stop);
            return 0;
        }, stop);

    /// <summary>Orders at even distances, whatever becomes of those before.</summary>
    public static Task<Window> OrdersAsync(RealSystem system, double perSecond, double seconds, CancellationToken stop) =>
        MeasureAsync(system, async () =>
        {
            var orders = new List<Task>();
            using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1 / perSecond));
            var start = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(start).TotalSeconds < seconds && await timer.WaitForNextTickAsync(stop))
                orders.Add(system.RunOrderAsync());
            await Task.WhenAll(orders);
            return orders.Count;
        }, stop);

    /// <summary>What was used while something was done; it says how many times.</summary>
    public static async Task<Window> MeasureAsync(RealSystem system, Func<Task<int>> work, CancellationToken stop)
    {
        var services = system.Processes.Where(process => process.Kind != Kind.Store).ToList();
        var before = await system.ReadUseAsync(stop);
        var processor = services.Select(service => service.Processor).ToList();
        var start = Stopwatch.GetTimestamp();
        var orders = await work();
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var used = services.Zip(processor, (service, then) => (service.Processor - then).TotalSeconds).ToList();
        return new Window(seconds, orders, (await system.ReadUseAsync(stop)).Since(before), used);
    }
}
