using System.Text.Json;
using System.Buffers;
using System.Text;
using System.Text.Unicode;
using ChangeFeed.Emulator.Model;

namespace ChangeFeed.Emulator.Engine.Items;

/// <summary>Puts the system properties behind the client's, giving the bytes that are stored and sent.</summary>
internal static class ItemRenderer
{
    private const int SystemPropertiesLength = 320;

    public static byte[] Render(Container container, ReadOnlySpan<byte> properties, ulong rid, long position, long timestamp)
    {
        var ridText = ResourceId.Document(container.RidBytes, rid);
        Span<byte> system = stackalloc byte[SystemPropertiesLength];
        var comma = properties.Length > 1 ? "," : "";
        Utf8.TryWrite(
            system,
            $"{comma}\"_rid\":\"{ridText}\",\"_self\":\"{container.SelfPrefix}docs/{ridText}/\","
            + $"\"_etag\":\"\\\"{Etag.Of(position, timestamp).AsSpan(1, 36)}\\\"\",\"_attachments\":\"attachments/\",\"_ts\":{timestamp}}}",
            out var length);
        var body = new byte[properties.Length + length];
        properties.CopyTo(body);
        system[..length].CopyTo(body.AsSpan(properties.Length));
        return body;
    }

    /// <summary>Writes a stored body as the change feed shows it: with its LSN.</summary>
    public static void WriteWithLsn(IBufferWriter<byte> output, ReadOnlySpan<byte> body, long lsn)
    {
        var span = output.GetSpan(body.Length + 32);
        body[..^1].CopyTo(span);
        Utf8.TryWrite(span[(body.Length - 1)..], $",\"_lsn\":{lsn}}}", out var length);
        output.Advance(body.Length - 1 + length);
    }

    /// <summary>The id in a stored body.</summary>
    public static string IdOf(ReadOnlyMemory<byte> body)
    {
        using var document = JsonDocument.Parse(body, new() { MaxDepth = 256 });
        return document.RootElement.GetProperty("id").GetString()!;
    }

    /// <summary>The client's part of a stored body, without the closing brace.</summary>
    public static ReadOnlySpan<byte> PropertiesOf(ReadOnlySpan<byte> body)
    {
        // System properties are always written last, so the last occurrence is theirs.
        var end = body.LastIndexOf("\"_rid\":"u8);
        return body[..(body[end - 1] == (byte)',' ? end - 1 : end)];
    }
}
