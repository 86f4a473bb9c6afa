using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using ChangeFeed.EventStore.Cosmos;

namespace ChangeFeed.Migration.Copy;

/// <summary>What of a document is its own, and not the store's or the migration's.</summary>
internal static class DocumentContent
{
    private static readonly string[] OfTheStore = ["_rid", "_self", "_etag", "_ts", "_attachments", "_lsn"];

    /// <summary>The document without what the store and a migration add; the argument is changed.</summary>
    public static JsonObject Strip(JsonObject document)
    {
        foreach (var name in OfTheStore)
            document.Remove(name);
        document.Remove(DocumentStamp.Property);
        return document;
    }

    /// <summary>Hash of the content, whatever the order of its properties. Without <c>ttl</c>: what remains of a life is another number each time.</summary>
    public static string Hash(JsonObject document)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
            Write(writer, document, root: true);
        return ContentHash.Of(buffer.WrittenSpan).ToString("x32", System.Globalization.CultureInfo.InvariantCulture);
    }

    private static void Write(Utf8JsonWriter writer, JsonNode? node, bool root)
    {
        switch (node)
        {
            case JsonObject properties:
                writer.WriteStartObject();
                foreach (var (name, value) in properties.OrderBy(p => p.Key, StringComparer.Ordinal))
                {
                    if (root && (name is DocumentStamp.Property or "ttl" || OfTheStore.Contains(name)))
                        continue;
                    writer.WritePropertyName(name);
                    Write(writer, value, root: false);
                }

                writer.WriteEndObject();
                break;
            case JsonArray items:
                writer.WriteStartArray();
                foreach (var item in items)
                    Write(writer, item, root: false);
                writer.WriteEndArray();
                break;
            case null:
                writer.WriteNullValue();
                break;
            default:
                node.WriteTo(writer);
                break;
        }
    }
}
