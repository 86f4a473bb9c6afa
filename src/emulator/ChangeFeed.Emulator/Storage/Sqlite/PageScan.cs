using System.Buffers.Binary;
using System.Text;

namespace ChangeFeed.Emulator.Storage.Sqlite;

/// <summary>
/// Finds rows of documents in the pages of a data file, without the way SQLite takes to them: when a page near the root is lost, everything
/// below it is still there. Deleted rows are not found, because they were overwritten.
/// </summary>
internal static class PageScan
{
    private const int Columns = 8;

    public static IEnumerable<StoredItem> Items(string path, int pageSize)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var page = new byte[pageSize];
        for (long offset = pageSize; ReadPage(file, offset, page); offset += pageSize)
        {
            const byte TableLeaf = 13;
            if (page[0] != TableLeaf)
                continue;
            var cells = BinaryPrimitives.ReadUInt16BigEndian(page.AsSpan(3));
            for (var i = 0; i < cells && 8 + 2 * i + 2 <= pageSize; i++)
                if (Row(file, page, BinaryPrimitives.ReadUInt16BigEndian(page.AsSpan(8 + 2 * i))) is { } item)
                    yield return item;
        }
    }

    private static bool ReadPage(FileStream file, long offset, byte[] page)
    {
        file.Position = offset;
        return file.ReadAtLeast(page, page.Length, throwOnEndOfStream: false) == page.Length;
    }

    /// <summary>The document of a cell; null where it is another row, or not whole.</summary>
    private static StoredItem? Row(FileStream file, byte[] page, int at)
    {
        try
        {
            var length = (int)Varint(page, ref at);
            var rid = Varint(page, ref at);
            return length is > 0 and < 1 << 24 ? Item(rid, Payload(file, page, at, length)) : null;
        }
        catch (Exception exception) when (exception is ArgumentException or IndexOutOfRangeException or EndOfStreamException or OverflowException)
        {
            // What the page says leads out of it: it is damaged.
            return null;
        }
    }

    private static byte[] Payload(FileStream file, byte[] page, int at, int length)
    {
        // As the file format has it: what is kept in the page of a row that does not fit into it.
        var most = page.Length - 35;
        var least = (page.Length - 12) * 32 / 255 - 23;
        var here = length <= most ? length : least + (length - least) % (page.Length - 4) is var some && some <= most ? some : least;
        var payload = new byte[length];
        page.AsSpan(at, here).CopyTo(payload);
        if (here == length)
            return payload;
        var next = BinaryPrimitives.ReadUInt32BigEndian(page.AsSpan(at + here));
        var more = new byte[page.Length];
        while (here < length)
        {
            if (next == 0 || !ReadPage(file, (next - 1L) * page.Length, more))
                throw new EndOfStreamException();
            var part = Math.Min(length - here, page.Length - 4);
            more.AsSpan(4, part).CopyTo(payload.AsSpan(here));
            here += part;
            next = BinaryPrimitives.ReadUInt32BigEndian(more);
        }
        return payload;
    }

    private static StoredItem? Item(long rid, byte[] payload)
    {
        var at = 0;
        var header = (int)Varint(payload, ref at);
        Span<long> types = stackalloc long[Columns];
        for (var i = 0; i < Columns; i++)
            types[i] = at < header ? Varint(payload, ref at) : -1;
        var (isBlob, isText) = (types[1] >= 12 && types[1] % 2 == 0 && types[6] >= 12 && types[6] % 2 == 0, types[2] >= 13 && types[2] % 2 == 1);
        if (at != header || types[0] != 0 || !isBlob || !isText)
            return null;

        at = header;
        var epk = Bytes(payload, types[1], ref at);
        var id = Encoding.UTF8.GetString(Bytes(payload, types[2], ref at));
        var (position, timestamp, ttl) = (Integer(payload, types[3], ref at), Integer(payload, types[4], ref at), Integer(payload, types[5], ref at));
        var body = Bytes(payload, types[6], ref at);
        var sum = Integer(payload, types[7], ref at);
        return position is { } pos && timestamp is { } ts && sum == Checksum.Of(body)
            ? new((ulong)rid, epk, id, pos, ts, (int?)ttl, body)
            : null;
    }

    private static byte[] Bytes(byte[] payload, long type, ref int at)
    {
        var length = checked((int)((type - 12) / 2));
        var bytes = payload.AsSpan(at, length).ToArray();
        at += length;
        return bytes;
    }

    private static long? Integer(byte[] payload, long type, ref int at)
    {
        var size = type switch { 1 => 1, 2 => 2, 3 => 3, 4 => 4, 5 => 6, 6 => 8, _ => 0 };
        long value = size > 0 ? (sbyte)payload[at] : 0;
        for (var i = 1; i < size; i++)
            value = (value << 8) | payload[at + i];
        at += size;
        return type switch { 8 => 0, 9 => 1, >= 1 and <= 6 => value, _ => null };
    }

    private static long Varint(byte[] bytes, ref int at)
    {
        long value = 0;
        for (var i = 0; i < 8; i++)
        {
            var next = bytes[at++];
            value = (value << 7) | (uint)(next & 0x7F);
            if (next < 0x80)
                return value;
        }
        return (value << 8) | bytes[at++];
    }
}
