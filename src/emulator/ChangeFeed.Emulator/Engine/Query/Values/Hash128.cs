using System.Buffers.Binary;
using ChangeFeed.Emulator.Model.Partitioning;

namespace ChangeFeed.Emulator.Engine.Query.Values;

/// <summary>128 bits of MurmurHash3 (x64), ordered by their bytes.</summary>
internal readonly record struct Hash128(ulong Low, ulong High) : IComparable<Hash128>
{
    public int CompareTo(Hash128 other)
    {
        var order = BinaryPrimitives.ReverseEndianness(Low).CompareTo(BinaryPrimitives.ReverseEndianness(other.Low));
        return order != 0 ? order : BinaryPrimitives.ReverseEndianness(High).CompareTo(BinaryPrimitives.ReverseEndianness(other.High));
    }

    public static Hash128 Compute(Hash128 data, Hash128 seed)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, data.Low);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], data.High);
        return Compute(bytes, seed);
    }

    public static Hash128 Compute(ReadOnlySpan<byte> data, Hash128 seed)
    {
        var (low, high) = MurmurHash3.Hash128(data, seed.Low, seed.High);
        return new Hash128(low, high);
    }
}
