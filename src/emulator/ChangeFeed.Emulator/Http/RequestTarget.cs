using ChangeFeed.Emulator.Resources;
using ChangeFeed.Emulator.Storage;

namespace ChangeFeed.Emulator.Http;

/// <summary>The part of a container a query or feed read is about.</summary>
/// <param name="Partitions">The physical partitions concerned, in key order; one, except where a request names the whole container.</param>
/// <param name="Range">The effective partition keys concerned.</param>
/// <param name="Key">The partition key, where the request names one.</param>
sealed record RequestTarget(Container Container, IReadOnlyList<Partition> Partitions, EpkRange Range, PartitionKey? Key)
{
    public Partition Partition => Partitions[0];

    /// <summary>Whether every item of the one partition is meant.</summary>
    public bool IsWholePartition => Partitions.Count == 1 && Range.Covers(Partition.Range);

    /// <summary>All items of the target, by index where it is one key or a prefix of one.</summary>
    public ItemScan Scan => new(Range) { Keys = Key is not null || Range.IsPrefix ? [Range] : null };

    public static RequestTarget From(CosmosRequest request, Container container)
    {
        if (request.Header(Headers.PartitionKey) is { } json)
        {
            var key = PartitionKey.Parse(json, container.Definition.PartitionKey);
            var keyRange = EpkRange.Prefix(key.Effective);
            return new(container, [.. container.Partitions.Where(partition => partition.Range.Overlaps(keyRange))], keyRange, key);
        }

        var asked = new EpkRange(Bound(request, Headers.StartEpk) ?? EpkRange.Full.Min, Bound(request, Headers.EndEpk) ?? EpkRange.Full.Max);
        if (request.Header(Headers.PartitionKeyRangeId) is { } name)
        {
            var partition = container.PartitionNamed(name);
            return new(container, [partition], partition.Range.Intersect(asked), null);
        }
        return new(container, [.. container.Partitions.Where(partition => partition.Range.Overlaps(asked))], asked, null);
    }

    static byte[]? Bound(CosmosRequest request, string header)
    {
        if (request.Header(header) is not { } hex)
            return null;
        try
        {
            return Convert.FromHexString(hex);
        }
        catch (FormatException)
        {
            throw CosmosError.BadRequest($"{header} is '{hex}'; it must be an effective partition key in hexadecimal.");
        }
    }
}
