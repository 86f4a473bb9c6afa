using System.Buffers.Binary;

namespace ChangeFeed.Emulator.Model;

/// <summary>An item's etag: made from where and when it was last written, so it needs no storage and never repeats for one item.</summary>
internal static class Etag
{
    /// <summary>With quotes, as in headers.</summary>
    public static string Of(long position, long timestamp)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(bytes, position);
        BinaryPrimitives.WriteInt64BigEndian(bytes[8..], timestamp);
        return $"\"{new Guid(bytes, bigEndian: true):D}\"";
    }

    /// <summary>An etag for a resource that is not an item.</summary>
    public static string New() => $"\"{Guid.NewGuid():D}\"";

    public static bool Matches(string condition, string etag)
    {
        var given = condition.AsSpan().Trim();
        return given is "*" || given.SequenceEqual(etag) || given.Trim('"').SequenceEqual(etag.AsSpan().Trim('"'));
    }
}
