namespace ChangeFeed.Emulator.Model.Partitioning;

/// <summary>A half-open interval [Min, Max) of effective partition keys.</summary>
internal sealed record EpkRange(byte[] Min, byte[] Max)
{
    /// <summary>How many values the hash of version 1 has.</summary>
    private const double HashesV1 = 4294967296;

    public static readonly EpkRange Full = new([], [0xFF]);

    public string MinHex => Convert.ToHexString(Min);

    public string MaxHex => Convert.ToHexString(Max);

    public bool Contains(ReadOnlySpan<byte> epk) => Compare(epk, Min) >= 0 && Compare(epk, Max) < 0;

    public bool Overlaps(EpkRange other) => Compare(Min, other.Max) < 0 && Compare(other.Min, Max) < 0;

    public bool Covers(EpkRange other) => Compare(Min, other.Min) <= 0 && Compare(other.Max, Max) <= 0;

    public EpkRange Intersect(EpkRange other) =>
        new(Compare(Min, other.Min) >= 0 ? Min : other.Min, Compare(Max, other.Max) <= 0 ? Max : other.Max);

    /// <summary>The keys equal to <paramref name="epk"/> and, for a hierarchical key, all below that prefix.</summary>
    public static EpkRange Prefix(byte[] epk) => new(epk, [.. epk, 0xFF]);

    /// <summary>Whether it was made by <see cref="Prefix"/>.</summary>
    public bool IsPrefix => Min.Length > 0 && Max.Length == Min.Length + 1 && Max[^1] == 0xFF && Max.AsSpan().StartsWith(Min);

    public static int Compare(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) => left.SequenceCompareTo(right);

    /// <summary>Splits the hashed key space into equal parts, with the boundaries the service uses.</summary>
    public static EpkRange[] Divide(int count, int version = 2)
    {
        if (version == 1)
            return DivideV1(count);
        var space = (UInt128.One << 126) - 1;
        var ranges = new EpkRange[count];
        for (var i = 0; i < count; i++)
        {
            var min = i == 0 ? [] : Bytes((UInt128)i * (space / (UInt128)count));
            var max = i == count - 1 ? [0xFF] : Bytes((UInt128)(i + 1) * (space / (UInt128)count));
            ranges[i] = new(min, max);
        }
        return ranges;
    }

    private static EpkRange[] DivideV1(int count)
    {
        var bounds = Enumerable.Range(1, count - 1).Select(i => HashV1.Number(Math.Floor(i * (HashesV1 / count)))).ToArray();
        return [.. Enumerable.Range(0, count).Select(i => new EpkRange(i == 0 ? [] : bounds[i - 1], i == count - 1 ? [0xFF] : bounds[i]))];
    }

    private byte[]? MiddleV1()
    {
        var low = Min.Length == 0 ? 0 : HashV1.Hash(Min);
        var high = Max is [0xFF] ? HashesV1 : HashV1.Hash(Max);
        var middle = Math.Floor(low + (high - low) / 2);
        return middle <= low ? null : HashV1.Number(middle);
    }

    /// <summary>The key halfway between the bounds, or null where there is none.</summary>
    public byte[]? Middle(int version = 2)
    {
        if (version == 1)
            return MiddleV1();
        var low = Number(Min);
        var high = Max is [0xFF] ? UInt128.One << 126 : Number(Max);
        var middle = low + (high - low) / 2;
        return middle <= low ? null : Bytes(middle);
    }

    private static UInt128 Number(ReadOnlySpan<byte> bytes)
    {
        UInt128 value = 0;
        for (var i = 0; i < EffectivePartitionKey.HashLength; i++)
            value = (value << 8) | (i < bytes.Length ? bytes[i] : (byte)0);
        return value;
    }

    private static byte[] Bytes(UInt128 value)
    {
        var bytes = new byte[EffectivePartitionKey.HashLength];
        for (var i = bytes.Length - 1; i >= 0; i--, value >>= 8)
            bytes[i] = (byte)value;
        return bytes;
    }
}
