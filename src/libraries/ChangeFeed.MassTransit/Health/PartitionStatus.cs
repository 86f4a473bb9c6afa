namespace ChangeFeed.MassTransit.Health;

/// <summary>How a partition of an endpoint stands.</summary>
/// <param name="Lease">The lease token: which partition.</param>
/// <param name="Owner">The instance that owns it; null when nobody does.</param>
/// <param name="Mine">True when that is this instance.</param>
/// <param name="Behind">Transactions written and not checkpointed, as the store estimates; 0 when there is nothing to do.</param>
/// <param name="OldestAge">Age of the oldest event not handled, as far as known here; null when nothing waits.</param>
/// <param name="StuckFor">How long it has been behind without any progress, as seen by this instance.</param>
internal sealed record PartitionStatus(string Lease, string? Owner, bool Mine, long Behind, TimeSpan? OldestAge, TimeSpan StuckFor);

/// <summary>Says what is wrong with a partition. Pure.</summary>
internal static class Watchdog
{
    /// <summary>One sentence, null when nothing is wrong.</summary>
    public static string? Judge(string endpoint, PartitionStatus partition, TimeSpan takeover, TimeSpan stall)
    {
        if (partition.Behind == 0)
            return null;
        if (partition.Owner is null)
            return partition.StuckFor > takeover
                ? $"{endpoint}: nobody owns partition {partition.Lease}, and {partition.Behind} transactions wait in it since {partition.StuckFor:hh\\:mm\\:ss}."
                : null;
        return partition.StuckFor > stall
            ? $"{endpoint}: partition {partition.Lease} is owned by {partition.Owner} and does not move; {partition.Behind} transactions wait since {partition.StuckFor:hh\\:mm\\:ss}."
            : null;
    }
}
