using System.Buffers.Binary;

namespace ChangeFeed.Emulator.Model;

/// <summary>
/// The <c>_rid</c> of every resource: a parent's bytes followed by its own, as Base64 with '-' for '/'.
/// The SDK decodes these, so the kind nibble and the byte order are part of the wire contract.
/// </summary>
internal static class ResourceId
{
    private const byte PartitionKeyRangeKind = 0x50;

    public static string Database(uint database)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, database);
        return Encode(bytes);
    }

    public static byte[] ContainerBytes(uint database, uint container)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, database);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4), container | 0x80000000);
        return bytes;
    }

    public static string Container(uint database, uint container) => Encode(ContainerBytes(database, container));

    public static string Document(ReadOnlySpan<byte> container, ulong document)
    {
        Span<byte> bytes = stackalloc byte[16];
        container.CopyTo(bytes);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], document);
        return Encode(bytes);
    }

    /// <summary>The number in the rid of a document of this container; null where it is none.</summary>
    public static ulong? DocumentNumber(ReadOnlySpan<byte> container, string rid)
    {
        Span<byte> bytes = stackalloc byte[16];
        return Convert.TryFromBase64String(rid.Replace('-', '/'), bytes, out var length) && length == bytes.Length && bytes.StartsWith(container)
            ? BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..])
            : null;
    }

    public static string PartitionKeyRange(ReadOnlySpan<byte> container, int range)
    {
        Span<byte> bytes = stackalloc byte[16];
        container.CopyTo(bytes);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], (ulong)range + 2);
        bytes[15] |= PartitionKeyRangeKind;
        return Encode(bytes);
    }

    public static string Offer(int offer)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, offer);
        return Encode(bytes[..3]);
    }

    private static string Encode(ReadOnlySpan<byte> bytes) => Convert.ToBase64String(bytes).Replace('/', '-');
}
