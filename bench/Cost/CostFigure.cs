using System.Globalization;
using Bench.Harness;
using Bench.Pipeline;
using Orders.Capacity;

namespace Bench.Cost;

/// <summary>
/// What an order costs in request units, by service and container, and what the system costs at rest; and how far the capacity model, which is
/// fitted to some rates on one partition, is from what rates between them and more partitions are measured to use.
/// </summary>
internal sealed class CostFigure : IFigure<CostSetup>
{
    private const double Tolerance = 10;
    private const int LeastOrders = 40;
    private const string Leases = "leases";

    /// <summary>Orders a second to which the model is fitted, on one partition.</summary>
    private static readonly double[] Fitted = [0.5, 2, 8];

    /// <summary>What the figures of an order are of: a rate at which most orders come alone.</summary>
    private const int Alone = 1;

    public string Name => "cost";

    public async Task<IReadOnlyList<Measurement>> RunAsync(CostSetup setup, CancellationToken stop)
    {
        var seconds = setup.Options.Quick ? 10 : 45;
        var (few, many) = (setup.OnFew, setup.OnMany);
        var restFew = await Window.RestAsync(few, seconds, stop);
        var restMany = await Window.RestAsync(many, seconds, stop);
        var windows = new List<Window>();
        foreach (var rate in Fitted)
            windows.Add(await OrdersAsync(few, rate));
        var leases = (Few: await LeasesAsync(few, stop), Many: await LeasesAsync(many, stop));
        var profile = ProfileOf(few, restFew, restMany, windows, leases);
        if (setup.Options.Directory is { } directory)
            await File.WriteAllTextAsync(Path.Combine(directory, "profile.json"), profile.ToJson(), stop);
        return
        [
            .. ByService(windows[Alone], restFew),
            .. ByContainer(windows[Alone], restFew),
            .. windows.Select(window => Row(
                FormattableString.Invariant($"RU of an order at {window.OrdersPerSecond:0.0} orders/s"), few.Name,
                $"{window.PerOrder(restFew, _ => true):0.0}")),
            Row("at rest, 1 partition", few.Name, $"{restFew.UnitsPerSecond:0.0} RU/s, {Polls(restFew) / restFew.Seconds:0.0} of it empty reads"),
            Row("at rest, 4 partitions", many.Name, $"{restMany.UnitsPerSecond:0.0} RU/s, {Polls(restMany) / restMany.Seconds:0.0} of it empty reads"),
            Compared(profile, await OrdersAsync(few, 4), CostSetup.Few),
            Compared(profile, await OrdersAsync(many, 2), CostSetup.Many),
            Compared(profile, await OrdersAsync(many, 8), CostSetup.Many),
            Compared(profile, restMany, CostSetup.Many),
        ];

        async Task<Window> OrdersAsync(RealSystem system, double rate)
        {
            Progress.Say(FormattableString.Invariant($"{system.Name}: {rate} orders/s"));
            return await Window.OrdersAsync(system, rate, setup.Options.Quick ? seconds : Math.Max(seconds, LeastOrders / rate), stop);
        }
    }

    private static Measurement Compared(SystemProfile profile, Window window, int partitions)
    {
        var demand = new Demand { OrdersPerSecond = window.OrdersPerSecond, PollSeconds = CostSetup.PollSeconds };
        var expected = CapacityModel.UnitsAt(profile, demand, window.OrdersPerSecond, partitions).Total;
        var off = 100 * (expected / window.UnitsPerSecond - 1);
        var what = FormattableString.Invariant($"model at {window.OrdersPerSecond:0.#} orders/s");
        return Row(what, $"{partitions} partitions", $"{window.UnitsPerSecond:0} RU/s measured, {expected:0} expected, {off:+0.0;-0.0} %") with
        {
            Goal = Goal.AtMost(Math.Abs(off), Tolerance, " % off"),
        };
    }

    private static IEnumerable<Measurement> ByService(Window window, Window rest)
    {
        yield return Row("RU of an order", "", $"{window.PerOrder(rest, _ => true):0.0}");
        foreach (var client in window.Clients)
            yield return Row(
                $"  {client}", "",
                $"{window.PerOrder(rest, key => key.Client == client):0.0}, {window.PerOrder(rest, key => key.Client == client && IsFeed(key)):0.0} of it the feed of the events");
    }

    private static IEnumerable<Measurement> ByContainer(Window window, Window rest) => window.Containers
        .Select(container => Row($"    in {container}", "", $"{window.PerOrder(rest, key => key.Container == container):0.0} RU an order"));

    private static bool IsFeed((string Container, string Client, string Operation) key) =>
        key is { Container: CapacityModel.EventsContainer, Operation: "feed" };

    /// <summary>An empty read is one request unit, and at rest no other is made of the feed.</summary>
    private static double Polls(Window window) => window.Units(IsFeed);

    private static SystemProfile ProfileOf(
        RealSystem system, Window restFew, Window restMany, IReadOnlyList<Window> windows, (double Few, double Many) leases)
    {
        var services = system.Processes.Where(process => process.Kind != Kind.Store).ToList();
        var alone = windows[Alone];
        // While orders come, empty reads go on: that part of the feed is no order's.
        var polls = Polls(restFew) / restFew.Seconds;
        var (atRest, inAll) = (Checkpoints(restFew), windows.Select(Checkpoints).ToList());
        var quiet = restFew.UnitsPerSecond - polls;
        var quietMany = restMany.UnitsPerSecond - Polls(restMany) / restMany.Seconds;
        return new SystemProfile
        {
            Measured = string.Create(CultureInfo.InvariantCulture, $"{DateTime.UtcNow:yyyy-MM-dd}, on one physical partition, {Machine.Processor}"),
            Rates = [.. windows.Select(window => Rounded(window.OrdersPerSecond))],
            Containers =
            [
                .. alone.Containers.Where(container => container != Leases).Select(container => new ContainerUse(
                    container,
                    [.. windows.Select(window => Rounded(window.PerOrder(restFew, key => key.Container == container && !IsFeed(key))))],
                    Math.Round(alone.Use.Bytes[container] / alone.Orders)))
            ],
            Services =
            [
                .. services.Select((process, i) => new ServiceUse(
                    process.Name,
                    Rounded(alone.PerOrder(restFew, key => key.Client == process.Name && IsFeed(key))),
                    Rounded((alone.Processor[i] / alone.Seconds - restFew.Processor[i] / restFew.Seconds) * 1000 / alone.OrdersPerSecond)))
            ],
            UnitsPerCheckpoint = Rounded(inAll.Sum(checkpoints => checkpoints.Units) / inAll.Sum(checkpoints => checkpoints.Requests)),
            CheckpointsPerOrder =
            [
                .. windows.Zip(inAll, (window, made) =>
                    Rounded((made.Requests / window.Seconds - atRest.Requests / restFew.Seconds) / window.OrdersPerSecond))
            ],
            UnitsAtRest = Rounded(quiet),
            UnitsAtRestPerPartition = Rounded((quietMany - quiet) / (CostSetup.Many - CostSetup.Few)),
            Readers = (int)Math.Round(polls * CostSetup.PollSeconds),
            Endpoints = (int)Math.Round((leases.Many - leases.Few) / (CostSetup.Many - CostSetup.Few)),
        };
    }

    private static (double Requests, double Units) Checkpoints(Window window)
    {
        var writes = window.Use.Clients.Where(entry => entry.Key is { Container: Leases, Operation: "replace" }).Select(entry => entry.Value).ToList();
        return (writes.Sum(write => write.Requests), writes.Sum(write => write.Units));
    }

    private static async Task<double> LeasesAsync(RealSystem system, CancellationToken stop) => (await system.ReadUseAsync(stop)).Items[Leases];

    private static double Rounded(double value) => Math.Round(value, 3);

    private static Measurement Row(string figure, string subject, FormattableString value) =>
        new(figure, subject) { Value = value.ToString(CultureInfo.InvariantCulture) };
}
