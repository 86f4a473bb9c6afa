using System.Numerics;
using System.Runtime.InteropServices;

namespace ChangeFeed.Emulator.Storage.Sqlite;

/// <summary>
/// CRC-32C of what is stored, kept beside it. SQLite notices a broken page of its own making, but not another letter in a document:
/// checksums of whole pages (its <c>cksumvfs</c>) are not in this build of it. Processors compute this one by themselves.
/// </summary>
internal static class Checksum
{
    public static uint Of(ReadOnlySpan<byte> bytes, uint sum = 0)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        sum = ~sum;
        foreach (var word in words)
            sum = BitOperations.Crc32C(sum, word);
        foreach (var rest in bytes[(words.Length * sizeof(ulong))..])
            sum = BitOperations.Crc32C(sum, rest);
        return ~sum;
    }

    /// <summary>The bytes, if they are those that were stored. Rows of an older format have no checksum.</summary>
    public static ReadOnlySpan<byte> Verified(ReadOnlySpan<byte> bytes, long? sum, long rid) => sum is null || sum == Of(bytes)
        ? bytes
        : throw new SqliteException(SQLitePCL.raw.SQLITE_CORRUPT, $"document {rid} is not as it was stored: its checksum differs");
}
