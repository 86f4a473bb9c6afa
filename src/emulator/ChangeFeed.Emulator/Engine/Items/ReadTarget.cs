using ChangeFeed.Emulator.Model;
using ChangeFeed.Emulator.Model.Partitioning;
using ChangeFeed.Emulator.Storage;

namespace ChangeFeed.Emulator.Engine.Items;

/// <summary>The part of a container a query or feed read is about.</summary>
/// <param name="Container">The container.</param>
/// <param name="Partitions">The physical partitions concerned, in key order; one, except where a request names the whole container.</param>
/// <param name="Range">The effective partition keys concerned.</param>
/// <param name="Key">The partition key, where the request names one.</param>
internal sealed record ReadTarget(Container Container, IReadOnlyList<Partition> Partitions, EpkRange Range, PartitionKey? Key)
{
    public Partition Partition => Partitions[0];

    /// <summary>Whether every item of the one partition is meant.</summary>
    public bool IsWholePartition => Partitions.Count == 1 && Range.Covers(Partition.Range);

    /// <summary>All items of the target, by index where it is one key or a prefix of one.</summary>
    public ItemScan Scan => new(Range) { Keys = Key is not null || Range.IsPrefix ? [Range] : null };
}
