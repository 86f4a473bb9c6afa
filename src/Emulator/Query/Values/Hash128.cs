using System.Buffers.Binary;
using System.Numerics;

namespace OrderPipeline.Emulator.Query.Values;

/// <summary>128 bits of MurmurHash3 (x64), ordered by their bytes.</summary>
readonly record struct Hash128(ulong Low, ulong High) : IComparable<Hash128>
{
    const ulong C1 = 0x87c37b91114253d5;
    const ulong C2 = 0x4cf5ad432745937f;

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
        var (h1, h2) = (seed.Low, seed.High);
        var length = (ulong)data.Length;
        for (; data.Length >= 16; data = data[16..])
        {
            h1 ^= First(BinaryPrimitives.ReadUInt64LittleEndian(data));
            h1 = (BitOperations.RotateLeft(h1, 27) + h2) * 5 + 0x52dce729;
            h2 ^= Second(BinaryPrimitives.ReadUInt64LittleEndian(data[8..]));
            h2 = (BitOperations.RotateLeft(h2, 31) + h1) * 5 + 0x38495ab5;
        }

        Span<byte> tail = stackalloc byte[16];
        tail.Clear();
        data.CopyTo(tail);
        h2 ^= Second(BinaryPrimitives.ReadUInt64LittleEndian(tail[8..]));
        h1 ^= First(BinaryPrimitives.ReadUInt64LittleEndian(tail));
        h1 ^= length;
        h2 ^= length;
        h1 += h2;
        h2 += h1;
        h1 = Mix(h1);
        h2 = Mix(h2);
        h1 += h2;
        return new Hash128(h1, h2 + h1);
    }

    static ulong First(ulong k) => BitOperations.RotateLeft(k * C1, 31) * C2;

    static ulong Second(ulong k) => BitOperations.RotateLeft(k * C2, 33) * C1;

    static ulong Mix(ulong k)
    {
        k = (k ^ (k >> 33)) * 0xff51afd7ed558ccd;
        k = (k ^ (k >> 33)) * 0xc4ceb9fe1a85ec53;
        return k ^ (k >> 33);
    }
}
