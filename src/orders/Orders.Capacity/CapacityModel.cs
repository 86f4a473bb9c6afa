namespace Orders.Capacity;

/// <summary>
/// What a number of orders a second takes: request units, physical partitions, replicas, storage. Writes and checkpoints of an order are what was
/// measured at the rate a partition has, polls and rest go with partitions and readers; that is all there is to it. How far it is from what is
/// measured says <c>bench -- cost</c>.
/// </summary>
internal static class CapacityModel
{
    /// <summary>Most request units a second of a physical partition, and of a logical one.</summary>
    public const double UnitsOfPartition = 10_000;

    /// <summary>Most storage of a physical partition.</summary>
    public const double GigabytesOfPartition = 50;

    private const double Gigabyte = 1e9;
    private const double SecondsOfDay = 86_400;
    private const int MostPartitions = 1_000_000;

    public static Plan Of(SystemProfile profile, Demand demand)
    {
        var partitions = demand.Partitions ?? PartitionsOfEvents(profile, demand);
        var peak = UnitsAt(profile, demand, demand.OrdersPerSecond * demand.Peak, partitions);
        var containers = profile.Containers
            .Select(container => container.Name == EventsContainer
                ? Events(profile, demand, partitions)
                : Sized(demand, container, WritesTo(profile, demand, container, partitions)))
            .OrderByDescending(container => container.PeakUnits)
            .ToList();
        var perDay = demand.OrdersPerSecond * SecondsOfDay * profile.Containers.Sum(container => container.BytesPerOrder) / Gigabyte;
        return new Plan(
            demand, partitions, UnitsAt(profile, demand, demand.OrdersPerSecond, partitions), peak.Total, containers,
            [.. profile.Services.Select(service => Planned(demand, service))], perDay, perDay * demand.KeepDays,
            [.. Limits(profile, demand, partitions)]);
    }

    /// <summary>Request units a second at a rate.</summary>
    public static UnitsBySource UnitsAt(SystemProfile profile, Demand demand, double ordersPerSecond, int partitions)
    {
        var more = demand.MoreConsumers;
        var perReader = profile.Services.Sum(service => service.FeedUnitsPerOrder) / profile.Readers;
        var endpoints = (double)(profile.Endpoints + more) / profile.Endpoints;
        var ofPartition = ordersPerSecond / partitions;
        return new UnitsBySource(
            ordersPerSecond * profile.Containers.Sum(container => profile.At(container.UnitsPerOrder, ofPartition)) * WritesOf(demand),
            ordersPerSecond * (profile.Services.Sum(service => service.FeedUnitsPerOrder) + more * perReader),
            demand.PollSeconds == 0 ? 0 : (profile.Readers + more) * partitions / demand.PollSeconds,
            partitions * CheckpointsOfPartition(profile, demand, ofPartition) * endpoints * profile.UnitsPerCheckpoint * WritesOf(demand),
            (profile.UnitsAtRest + (partitions - 1) * profile.UnitsAtRestPerPartition) * endpoints);
    }

    internal const string EventsContainer = "events";

    /// <summary>
    /// Checkpoints a second of all endpoints on one partition. How many orders share one goes by how many come in an interval, and it was measured with one of
    /// a second; beyond what was measured each interval has its checkpoint, and more orders make no more.
    /// </summary>
    private static double CheckpointsOfPartition(SystemProfile profile, Demand demand, double orders)
    {
        var inInterval = Math.Min(orders * demand.CheckpointSeconds, profile.Rates[^1]);
        return inInterval / demand.CheckpointSeconds * profile.At(profile.CheckpointsPerOrder, inInterval);
    }

    // Each region that keeps a copy is paid as much.
    private static int WritesOf(Demand demand) => demand.Regions;

    /// <summary>More partitions cost more polls, which may take more partitions: the first number that is enough.</summary>
    private static int PartitionsOfEvents(SystemProfile profile, Demand demand)
    {
        var partitions = 1;
        while (Events(profile, demand, partitions).Partitions is var needed && needed > partitions && needed <= MostPartitions)
            partitions = needed;
        return partitions;
    }

    private static ContainerPlan Events(SystemProfile profile, Demand demand, int partitions)
    {
        var own = profile.Containers.Single(container => container.Name == EventsContainer);
        var units = UnitsAt(profile, demand, demand.OrdersPerSecond * demand.Peak, partitions);
        return Sized(demand, own, WritesTo(profile, demand, own, partitions) + units.Feed + units.Polls);
    }

    private static double WritesTo(SystemProfile profile, Demand demand, ContainerUse container, int partitions)
    {
        var orders = demand.OrdersPerSecond * demand.Peak;
        return orders * profile.At(container.UnitsPerOrder, orders / partitions) * WritesOf(demand);
    }

    private static ContainerPlan Sized(Demand demand, ContainerUse container, double units)
    {
        var gigabytes = demand.OrdersPerSecond * SecondsOfDay * demand.KeepDays * container.BytesPerOrder / Gigabyte;
        var partitions = Math.Max(units / (UnitsOfPartition * demand.Utilisation), gigabytes / (GigabytesOfPartition * demand.Utilisation));
        return new ContainerPlan(container.Name, units, gigabytes, Math.Max(1, (int)Math.Ceiling(Math.Min(partitions, MostPartitions))));
    }

    private static ServicePlan Planned(Demand demand, ServiceUse service) => new(
        service.Name,
        Math.Max(1, (int)Math.Ceiling(demand.OrdersPerSecond * demand.Peak * service.MillisecondsPerOrder / (1000 * demand.Utilisation))));

    private static IEnumerable<string> Limits(SystemProfile profile, Demand demand, int partitions)
    {
        foreach (var service in profile.Services.Where(service => service.FeedUnitsPerOrder > 0))
        {
            var replicas = Planned(demand, service).Replicas;
            if (replicas > partitions)
                yield return $"{service.Name} needs {replicas:N0} replicas, and more than there are partitions ({partitions:N0}) have no lease: "
                    + "raise the throughput of the events until it has as many.";
        }

        var busiest = profile.Containers.FirstOrDefault(container => container.Name == "customer-orders");
        if (busiest is not null)
        {
            var units = WritesTo(profile, demand, busiest, partitions) * demand.BusiestCustomer;
            if (units > UnitsOfPartition)
                yield return $"The busiest customer alone takes {units:N0} RU/s of one logical partition of customer-orders, and {UnitsOfPartition:N0} is the most: "
                    + "it is throttled, and the view falls behind for that customer.";
        }
    }
}
