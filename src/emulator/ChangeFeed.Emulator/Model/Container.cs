using ChangeFeed.Emulator.Model.Partitioning;

namespace ChangeFeed.Emulator.Model;

/// <summary>A container: its definition, its physical partitions and the counter its items' rids come from.</summary>
internal sealed class Container
{
    private readonly byte[] _ridBytes;
    private volatile Partition[] _partitions;
    private volatile ContainerDefinition _definition;
    private volatile bool _dropped;

    public Container(
        Database database,
        int number,
        uint rid,
        ContainerDefinition definition,
        long timestamp,
        string etag,
        IEnumerable<Partition> partitions,
        ulong nextItem)
    {
        Database = database;
        Number = number;
        Rid = rid;
        _ridBytes = ResourceId.ContainerBytes(database.Rid, rid);
        RidText = ResourceId.Container(database.Rid, rid);
        _definition = definition;
        _partitions = [.. partitions.OrderBy(partition => partition.Range.Min, Comparer<byte[]>.Create((x, y) => EpkRange.Compare(x, y)))];
        Timestamp = timestamp;
        Etag = etag;
        NextItem = nextItem;
        ReservedItems = nextItem;
        SelfPrefix = $"dbs/{database.RidText}/colls/{RidText}/";
        AltPath = $"{database.AltPath}/colls/{Uri.EscapeDataString(definition.Id)}";
    }

    public Database Database { get; }

    /// <summary>Names the storage of this container; never used again after a drop.</summary>
    public int Number { get; }

    public uint Rid { get; }

    public ReadOnlySpan<byte> RidBytes => _ridBytes;

    public string RidText { get; }

    public string SelfPrefix { get; }

    /// <summary>Its path by names, as headers have it.</summary>
    public string AltPath { get; }

    public string Id => _definition.Id;

    public ContainerDefinition Definition => _definition;

    public long Timestamp { get; private set; }

    public string Etag { get; private set; }

    /// <summary>Live physical partitions in key order.</summary>
    public Partition[] Partitions => _partitions;

    public bool IsDropped => _dropped;

    /// <summary>The number of the next new item. Touched by commits only.</summary>
    public ulong NextItem { get; set; }

    /// <summary>Item numbers below this are accounted for on disk, so a restart begins here. Touched by commits only.</summary>
    public ulong ReservedItems { get; set; }

    /// <summary>Whether items can be found by id alone. Set by a commit.</summary>
    public bool HasIdIndex { get; set; }

    public Partition PartitionOf(ReadOnlySpan<byte> epk)
    {
        var all = _partitions;
        int low = 0, high = all.Length - 1;
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (EpkRange.Compare(all[middle].Range.Min, epk) <= 0)
                low = middle;
            else
                high = middle - 1;
        }
        return all[low];
    }

    /// <summary>The partition a request names, as "3" or "containerRid,3"; 410/1002 where it no longer exists.</summary>
    public Partition PartitionNamed(string range)
    {
        var name = range.AsSpan(range.IndexOf(',') + 1);
        foreach (var partition in _partitions)
            if (name.SequenceEqual(partition.Name))
                return partition;
        throw CosmosErrorException.RangeGone(range);
    }

    public void Replace(ContainerDefinition replacement, long timestamp, string etag)
    {
        _definition = replacement;
        Timestamp = timestamp;
        Etag = etag;
    }

    public void ReplacePartition(Partition parent, IReadOnlyList<Partition> children)
    {
        _partitions = [.. _partitions.SelectMany(partition => ReferenceEquals(partition, parent) ? children : [partition])];
        parent.Wake();
    }

    /// <summary>Takes over what was read from disk after it was written there from elsewhere.</summary>
    public void Follow(Container stored)
    {
        Replace(stored.Definition, stored.Timestamp, stored.Etag);
        (NextItem, ReservedItems) = (stored.NextItem, stored.ReservedItems);
        HasIdIndex = stored.HasIdIndex;
        var before = _partitions.ToDictionary(partition => partition.Id);
        _partitions =
        [
            .. stored.Partitions.Select(partition => before.Remove(partition.Id, out var known) ? Followed(known, partition) : partition)
        ];
        foreach (var gone in before.Values)
            gone.Wake();

        static Partition Followed(Partition known, Partition stored)
        {
            known.Follow(stored);
            return known;
        }
    }

    /// <summary>The same container in another database object.</summary>
    public Container In(Database database) =>
        new(database, Number, Rid, Definition, Timestamp, Etag, Partitions, NextItem) { HasIdIndex = HasIdIndex };

    public void MarkDropped()
    {
        _dropped = true;
        foreach (var partition in _partitions)
            partition.Wake();
    }
}
