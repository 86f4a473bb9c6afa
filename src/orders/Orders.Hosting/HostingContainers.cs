using ChangeFeed.EventStore;
using ChangeFeed.EventStore.Cold;
using ChangeFeed.EventStore.Snapshots;
using ChangeFeed.Timers;

namespace Orders.Hosting;

/// <summary>The containers that services have in common.</summary>
public static class HostingContainers
{
    /// <summary>The event store.</summary>
    public static ContainerDefinition Events { get; } = new("events", EventDocument.PartitionKeyPath)
    {
        Indexed = [ColdMark.MovingPath, ColdMark.StubPath, "/data/customerId/?", "/meta/by/?", "/streamId/?", "/type/?", "/version/?"],
        GrowsWithOrders = true,
    };

    /// <summary>Leases of all change-feed endpoints, told apart by their prefix.</summary>
    /// <remarks>
    /// Without a default the 30 s ttl of the processor's initialisation lock is ignored, and a crash while holding it blocks every instance.
    /// </remarks>
    public static ContainerDefinition Leases { get; } = new("leases", "/id") { DefaultTtl = ContainerDefinition.OnlyDocumentsWithTheirOwn };

    /// <summary>Parked and skipped events.</summary>
    public static ContainerDefinition DeadLetters { get; } = new("dead-letters", "/endpoint")
    {
        DefaultTtl = ContainerDefinition.OnlyDocumentsWithTheirOwn,
        Indexed =
        [
            "/at/?", "/error/?", "/errorType/?", "/eventType/?", "/finishedAt/?", "/kind/?", "/parkedAt/?", "/status/?", "/streamId/?", "/version/?",
        ],
    };

    /// <summary>Pause and resume, and how the instances stand.</summary>
    public static ContainerDefinition Controls { get; } =
        new("controls", "/endpoint") { DefaultTtl = ContainerDefinition.OnlyDocumentsWithTheirOwn, Indexed = ["/at/?", "/kind/?"] };

    /// <summary>States of long streams; one that nobody renews for a month goes.</summary>
    public static ContainerDefinition Snapshots { get; } =
        new("snapshots", StreamSnapshots<object>.PartitionKeyPath) { DefaultTtl = 30 * 24 * 60 * 60, GrowsWithOrders = true };

    /// <summary>Which versions of the views there are, and how far rebuilds are.</summary>
    public static ContainerDefinition Views { get; } = new("views", "/view") { DefaultTtl = ContainerDefinition.OnlyDocumentsWithTheirOwn };

    /// <summary>Timers that wait, each beside the others of its order.</summary>
    public static ContainerDefinition Timers { get; } = new("timers", "/streamId")
    {
        DefaultTtl = ContainerDefinition.OnlyDocumentsWithTheirOwn,
        Indexed = TimerStore.Indexed,
        KeepsVersions = true,
    };

    /// <summary>Migrations, how far they are, and the directory that says which container serves.</summary>
    public static ContainerDefinition Migrations { get; } = new("migrations", "/migration") { DefaultTtl = ContainerDefinition.OnlyDocumentsWithTheirOwn };

    /// <summary>What an endpoint of the change feed needs beside the events.</summary>
    public static IReadOnlyList<ContainerDefinition> Feed { get; } = [Leases, DeadLetters, Controls];
}
