namespace Orders.Capacity;

/// <summary>What the demand takes.</summary>
/// <param name="Demand">The demand.</param>
/// <param name="Partitions">Physical partitions of the events.</param>
/// <param name="Units">Request units a second on average, and what they are spent on.</param>
/// <param name="PeakUnits">Request units a second in the busiest minute.</param>
/// <param name="Containers">Each container at the peak.</param>
/// <param name="Services">Replicas of each service.</param>
/// <param name="GigabytesPerDay">What a day adds.</param>
/// <param name="Gigabytes">What is stored when the first orders are given up.</param>
/// <param name="Limits">What cannot be had so, and what to do instead.</param>
internal sealed record Plan(
    Demand Demand,
    int Partitions,
    UnitsBySource Units,
    double PeakUnits,
    IReadOnlyList<ContainerPlan> Containers,
    IReadOnlyList<ServicePlan> Services,
    double GigabytesPerDay,
    double Gigabytes,
    IReadOnlyList<string> Limits);

/// <summary>Request units a second by what they are spent on.</summary>
/// <param name="Orders">Writes, point reads and queries for orders.</param>
/// <param name="Feed">Reading each event once for each reader.</param>
/// <param name="Polls">Feed reads that find nothing.</param>
/// <param name="Checkpoints">Writes of leases for progress.</param>
/// <param name="Rest">What goes on without any order: renewals, heartbeats, looking for commands.</param>
internal sealed record UnitsBySource(double Orders, double Feed, double Polls, double Checkpoints, double Rest)
{
    public double Total => Orders + Feed + Polls + Checkpoints + Rest;
}

/// <param name="Name">The container.</param>
/// <param name="PeakUnits">Request units a second in the busiest minute.</param>
/// <param name="Gigabytes">What is stored in the end.</param>
/// <param name="Partitions">Physical partitions for both.</param>
internal sealed record ContainerPlan(string Name, double PeakUnits, double Gigabytes, int Partitions);

/// <param name="Name">The service.</param>
/// <param name="Replicas">How many, of one core each.</param>
internal sealed record ServicePlan(string Name, int Replicas);
