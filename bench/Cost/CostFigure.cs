using System.Globalization;
using Bench.Harness;
using Bench.Pipeline;
using Orders.Capacity;

namespace Bench.Cost;

/// <summary>
/// What an order costs in request units, by service and container, and what the system costs at rest; and how far the capacity model, which is
/// fitted to one rate on one partition, is from what another rate and other partitions are measured to use.
/// </summary>
internal sealed class CostFigure : IFigure<CostSetup>
{
    private const double Slow = 2;
    private const double Fast = 8;
    private const double Tolerance = 10;

    public string Name => "cost";

    public async Task<IReadOnlyList<Measurement>> RunAsync(CostSetup setup, CancellationToken stop)
    {
        var seconds = setup.Options.Quick ? 10 : 60;
        var restFew = await Window.RestAsync(setup.OnFew, seconds, stop);
        var restMany = await Window.RestAsync(setup.OnMany, seconds, stop);
        var slow = await Window.OrdersAsync(setup.OnFew, Slow, seconds, stop);
        var fast = await Window.OrdersAsync(setup.OnFew, Fast, seconds, stop);
        var slowMany = await Window.OrdersAsync(setup.OnMany, Slow, seconds, stop);
        var leases = (Few: await LeasesAsync(setup.OnFew, stop), Many: await LeasesAsync(setup.OnMany, stop));
        var profile = ProfileOf(setup.OnFew, restFew, restMany, slow, leases);
        if (setup.Options.Directory is { } directory)
            await File.WriteAllTextAsync(Path.Combine(directory, "profile.json"), profile.ToJson(), stop);
        return
        [
            .. ByService(slow, restFew),
            .. ByContainer(slow, restFew),
            Row("at rest, 1 partition", setup.OnFew.Name, $"{restFew.UnitsPerSecond:0.0} RU/s, {Polls(restFew) / restFew.Seconds:0.0} of it empty reads"),
            Row("at rest, 4 partitions", setup.OnMany.Name, $"{restMany.UnitsPerSecond:0.0} RU/s, {Polls(restMany) / restMany.Seconds:0.0} of it empty reads"),
            Compared($"model at {Slow} orders/s, to which it is fitted", profile, slow, CostSetup.Few),
            Compared($"model at {Fast} orders/s", profile, fast, CostSetup.Few),
            Compared($"model at {Slow} orders/s on {CostSetup.Many} partitions", profile, slowMany, CostSetup.Many),
            Compared($"model at rest on {CostSetup.Many} partitions", profile, restMany, CostSetup.Many),
        ];
    }

    private static Measurement Compared(string what, SystemProfile profile, Window window, int partitions)
    {
        var demand = new Demand { OrdersPerSecond = window.OrdersPerSecond, PollSeconds = CostSetup.PollSeconds };
        var expected = CapacityModel.UnitsAt(profile, demand, window.OrdersPerSecond, partitions).Total;
        var off = 100 * (expected / window.UnitsPerSecond - 1);
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

    private static SystemProfile ProfileOf(RealSystem system, Window restFew, Window restMany, Window slow, (double Few, double Many) leases)
    {
        var services = system.Processes.Where(process => process.Kind != Kind.Store).ToList();
        // While orders come, empty reads go on: that part of the feed is no order's.
        var polls = Polls(restFew) / restFew.Seconds;
        var checkpoints = slow.Use.Clients.Where(entry => entry.Key is { Container: "leases", Operation: "replace" }).ToList();
        var restCheckpoints = restFew.Use.Clients.Where(entry => entry.Key is { Container: "leases", Operation: "replace" }).ToList();
        var perCheckpoint = checkpoints.Sum(entry => entry.Value.Units) / checkpoints.Sum(entry => entry.Value.Requests);
        var made = checkpoints.Sum(entry => entry.Value.Requests) / slow.Seconds - restCheckpoints.Sum(entry => entry.Value.Requests) / restFew.Seconds;
        var quiet = restFew.UnitsPerSecond - polls;
        var quietMany = restMany.UnitsPerSecond - Polls(restMany) / restMany.Seconds;
        return new SystemProfile
        {
            Measured = string.Create(CultureInfo.InvariantCulture, $"{DateTime.UtcNow:yyyy-MM-dd}, {Slow} orders/s on one physical partition, {Machine.Processor}"),
            Containers =
            [
                .. slow.Containers.Where(container => container != "leases").Select(container => new ContainerUse(
                    container,
                    Rounded(slow.PerOrder(restFew, key => key.Container == container && !IsFeed(key))),
                    Math.Round(slow.Use.Bytes[container] / slow.Orders)))
            ],
            Services =
            [
                .. services.Select((process, i) => new ServiceUse(
                    process.Name,
                    Rounded(slow.PerOrder(restFew, key => key.Client == process.Name && IsFeed(key))),
                    Rounded((slow.Processor[i] / slow.Seconds - restFew.Processor[i] / restFew.Seconds) * 1000 / slow.OrdersPerSecond)))
            ],
            UnitsPerCheckpoint = Rounded(perCheckpoint),
            CheckpointsPerOrder = Rounded(made / slow.OrdersPerSecond),
            UnitsAtRest = Rounded(quiet),
            UnitsAtRestPerPartition = Rounded((quietMany - quiet) / (CostSetup.Many - CostSetup.Few)),
            Readers = (int)Math.Round(polls * CostSetup.PollSeconds),
            Endpoints = (int)Math.Round((leases.Many - leases.Few) / (CostSetup.Many - CostSetup.Few)),
        };
    }

    private static async Task<double> LeasesAsync(RealSystem system, CancellationToken stop) => (await system.ReadUseAsync(stop)).Items["leases"];

    private static double Rounded(double value) => Math.Round(value, 3);

    private static Measurement Row(string figure, string subject, FormattableString value) =>
        new(figure, subject) { Value = value.ToString(CultureInfo.InvariantCulture) };
}
