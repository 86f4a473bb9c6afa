using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Bench.Stub;

/// <summary>A stored document as it is sent back.</summary>
internal sealed record StubItem(string PartitionKey, string Id, long Lsn, long Ts, string Etag, byte[] Json);

/// <summary>A document as it came in: its id, and its bytes without the closing brace and without what only the store may set.</summary>
internal readonly record struct IncomingItem(string Id, ReadOnlyMemory<byte> Open)
{
    public static IncomingItem Parse(ReadOnlyMemory<byte> body)
    {
        var json = new Utf8JsonReader(body.Span);
        string? id = null;
        var hasSystemProperties = false;
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            hasSystemProperties |= json.ValueSpan is [(byte)'_', ..];
            var isId = json.ValueTextEquals("id"u8);
            json.Read();
            if (isId)
                id = json.GetString();
            json.Skip();
        }

        if (id is null)
            throw new BadHttpRequestException("The document has no id.");
        return new IncomingItem(id, hasSystemProperties ? WithoutSystemProperties(body) : body.TrimEnd(" \r\n\t"u8)[..^1]);
    }

    /// <summary>The stored form, with the properties the SDK and its processor read.</summary>
    public StubItem Store(string partitionKey, string containerRid, long lsn)
    {
        var ts = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var etag = $"\"{lsn:x16}\"";
        var stored = new byte[Open.Length + 192];
        Open.Span.CopyTo(stored);
        Utf8.TryWrite(stored.AsSpan(Open.Length),
            $",\"_rid\":\"{containerRid}\",\"_self\":\"\",\"_etag\":\"\\\"{lsn:x16}\\\"\",\"_attachments\":\"attachments/\",\"_ts\":{ts},\"_lsn\":{lsn}}}",
            out var written);
        return new StubItem(partitionKey, Id, lsn, ts, etag, stored[..(Open.Length + written)]);
    }

    private static byte[] WithoutSystemProperties(ReadOnlyMemory<byte> body)
    {
        using var document = JsonDocument.Parse(body);
        var text = string.Join(',', document.RootElement.EnumerateObject()
            .Where(p => !p.Name.StartsWith('_'))
            .Select(p => $"\"{JsonEncodedText.Encode(p.Name)}\":{p.Value.GetRawText()}"));
        return Encoding.UTF8.GetBytes("{" + text);
    }
}
