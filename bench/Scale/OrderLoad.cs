using System.Diagnostics;
using System.Text;
using Bench.Harness;
using Bench.Pipeline;

namespace Bench.Scale;

/// <summary>A fixed number of orders with so many under way: how fast, how long each took, what all of them cost, and who is behind in the end.</summary>
internal sealed record OrderLoad
{
    private const int Customers = 1_000;

    private static readonly string Template = Encoding.UTF8.GetString(RealSystem.Order);

    /// <summary>Orders of many customers, one after the other.</summary>
    public static Func<int, string> Spread { get; } = n => $"c-{n % Customers}";

    /// <summary>Orders of one customer.</summary>
    public static Func<int, string> Hot { get; } = _ => "c-hot";

    public int Orders { get; init; }

    public int UnderWay { get; init; }

    public double OrdersPerSecond { get; init; }

    /// <summary>From POST to the last event.</summary>
    public double P50Ms { get; init; }

    public double P99Ms { get; init; }

    /// <summary>Milliseconds of processor time of an order, by program; instances of a worker together.</summary>
    public IReadOnlyDictionary<string, double> ProcessorMs { get; init; } = new Dictionary<string, double>();

    /// <summary>Of that, the store.</summary>
    public double StoreMs { get; init; }

    /// <summary>And everything else.</summary>
    public double ServicesMs { get; init; }

    /// <summary>Requests of an order to the store, whoever of the services makes them.</summary>
    public double Requests { get; init; }

    public double Units { get; init; }

    /// <summary>How far behind the endpoint is that is farthest behind when the last order has ended, in transactions.</summary>
    public long LagAtEnd { get; init; }

    /// <summary>How long after that all have a checkpoint behind everything.</summary>
    public double CaughtUpSeconds { get; init; }

    /// <summary>Runs the orders.</summary>
    /// <param name="system">Where.</param>
    /// <param name="orders">How many.</param>
    /// <param name="underWay">How many at any time.</param>
    /// <param name="customer">Who places which.</param>
    /// <param name="stop">Ends it.</param>
    public static async Task<OrderLoad> MeasureAsync(RealSystem system, int orders, int underWay, Func<int, string> customer, CancellationToken stop)
    {
        var asked = await system.ReadUseAsync(stop);
        var processor = system.Processes.Select(process => process.Processor).ToList();
        var (durations, next, start) = (new Samples(), -1, Stopwatch.GetTimestamp());
        await Task.WhenAll(Enumerable.Range(0, Math.Min(orders, underWay)).Select(_ => Task.Run(RunAsync, stop)));
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var used = system.Processes.Zip(processor, (process, then) => (process, Ms: (process.Processor - then).TotalMilliseconds / orders)).ToList();
        var served = (await system.ReadUseAsync(stop)).Since(asked).OfServices.Select(entry => entry.Value).ToList();
        var progress = new FeedProgress(system.Stored);
        var behind = await progress.MostBehindAsync(stop);
        return new OrderLoad
        {
            Orders = orders,
            UnderWay = underWay,
            OrdersPerSecond = orders / seconds,
            P50Ms = durations.P50 / 1000,
            P99Ms = durations.P99 / 1000,
            ProcessorMs = used.GroupBy(one => one.process.Name).ToDictionary(group => group.Key, group => group.Sum(one => one.Ms)),
            StoreMs = used.Where(one => one.process.Kind == Kind.Store).Sum(one => one.Ms),
            ServicesMs = used.Where(one => one.process.Kind != Kind.Store).Sum(one => one.Ms),
            Requests = served.Sum(use => use.Requests) / orders,
            Units = served.Sum(use => use.Units) / orders,
            LagAtEnd = behind,
            CaughtUpSeconds = await progress.CatchUpAsync(stop),
        };

        async Task RunAsync()
        {
            while (Interlocked.Increment(ref next) is var n && n < orders)
            {
                stop.ThrowIfCancellationRequested();
                var placed = Stopwatch.GetTimestamp();
                var (_, completed) = await system.RunOrderAsync(OrderOf(customer(n)));
                durations.AddTicks(completed - placed);
            }
        }
    }

    private static byte[] OrderOf(string customer) => Encoding.UTF8.GetBytes(Template.Replace("c-1001", customer, StringComparison.Ordinal));
}
