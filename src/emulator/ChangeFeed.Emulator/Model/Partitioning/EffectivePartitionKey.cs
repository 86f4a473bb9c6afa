using System.Buffers;
using System.Buffers.Binary;

namespace ChangeFeed.Emulator.Model.Partitioning;

/// <summary>
/// The position of a partition key in the key space: 16 bytes, or 16 per level for a hierarchical key.
/// Byte order equals the ordinal order of the upper-case hex the wire uses.
/// </summary>
internal static class EffectivePartitionKey
{
    public const int HashLength = 16;

    public static byte[] Compute(PartitionKeyKind kind, ReadOnlySpan<PartitionKeyComponent> components, int version = 2)
    {
        if (version == 1)
            return HashV1.Compute(components);
        var hashed = new ArrayBufferWriter<byte>(64);
        if (kind == PartitionKeyKind.Hash)
        {
            foreach (var component in components)
                component.AppendTo(hashed);
            var key = new byte[HashLength];
            Hash(hashed.WrittenSpan, key);
            return key;
        }

        var levels = new byte[HashLength * components.Length];
        for (var level = 0; level < components.Length; level++)
        {
            hashed.ResetWrittenCount();
            components[level].AppendTo(hashed);
            Hash(hashed.WrittenSpan, levels.AsSpan(level * HashLength, HashLength));
        }
        return levels;
    }

    private static void Hash(ReadOnlySpan<byte> data, Span<byte> key)
    {
        var (low, high) = MurmurHash3.Hash128(data);
        // Low then high little-endian, all 16 bytes reversed: the same as high then low big-endian.
        BinaryPrimitives.WriteUInt64BigEndian(key, high);
        BinaryPrimitives.WriteUInt64BigEndian(key[8..], low);
        key[0] &= 0x3F;
    }
}
