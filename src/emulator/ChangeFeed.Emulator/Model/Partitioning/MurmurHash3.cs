using System.Buffers.Binary;
using System.Numerics;

namespace ChangeFeed.Emulator.Model.Partitioning;

/// <summary>MurmurHash3, x64 variant, 128 bits: the hash behind effective partition keys and the distinct rows of a query.</summary>
internal static class MurmurHash3
{
    private const ulong C1 = 0x87c37b91114253d5;
    private const ulong C2 = 0x4cf5ad432745937f;

    public static (ulong Low, ulong High) Hash128(ReadOnlySpan<byte> data, ulong seedLow = 0, ulong seedHigh = 0)
    {
        var (h1, h2) = (seedLow, seedHigh);
        var length = data.Length;

        for (; data.Length >= 16; data = data[16..])
        {
            h1 ^= MixFirst(BinaryPrimitives.ReadUInt64LittleEndian(data));
            h1 = (BitOperations.RotateLeft(h1, 27) + h2) * 5 + 0x52dce729;
            h2 ^= MixSecond(BinaryPrimitives.ReadUInt64LittleEndian(data[8..]));
            h2 = (BitOperations.RotateLeft(h2, 31) + h1) * 5 + 0x38495ab5;
        }

        Span<byte> tail = stackalloc byte[16];
        tail.Clear();
        data.CopyTo(tail);
        h2 ^= MixSecond(BinaryPrimitives.ReadUInt64LittleEndian(tail[8..]));
        h1 ^= MixFirst(BinaryPrimitives.ReadUInt64LittleEndian(tail));

        h1 ^= (ulong)length;
        h2 ^= (ulong)length;
        h1 += h2;
        h2 += h1;
        h1 = Finalise(h1);
        h2 = Finalise(h2);
        h1 += h2;
        h2 += h1;
        return (h1, h2);
    }

    private static ulong MixFirst(ulong k) => BitOperations.RotateLeft(k * C1, 31) * C2;

    private static ulong MixSecond(ulong k) => BitOperations.RotateLeft(k * C2, 33) * C1;

    private static ulong Finalise(ulong k)
    {
        k ^= k >> 33;
        k *= 0xff51afd7ed558ccd;
        k ^= k >> 33;
        k *= 0xc4ceb9fe1a85ec53;
        return k ^ (k >> 33);
    }
}
