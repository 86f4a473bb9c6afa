using System.ComponentModel;
using ChangeFeed.MassTransit;

namespace Orders.CustomerCare.Positions;

/// <summary>What moving a service would do; nothing is done yet.</summary>
public sealed record PositionPreview(
    string Service,
    [property: Description("Where it would go on, in words.")] string Target,
    [property: Description("From where to where in each partition; a position that is absent is the beginning.")] IReadOnlyList<PartitionMove> Partitions,
    [property: Description("What would be handled again.")] FeedTally Again,
    [property: Description("What would never be handled.")] FeedTally Skipped,
    [property: Description("What that may do outside.")] string Effects,
    [property: Description("Send it with `dryRun: false` to do exactly this.")] string Token)
{
    internal static PositionPreview Of(PositionPlan plan) =>
        new(plan.Endpoint, plan.Target.ToString(), plan.Partitions, plan.Again, plan.Skipped, RepeatEffects.Of(plan), plan.Token);
}
