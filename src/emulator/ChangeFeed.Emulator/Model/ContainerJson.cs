using System.Buffers;
using System.Text;
using System.Text.Json;

namespace ChangeFeed.Emulator.Model;

/// <summary>Containers as JSON: as stored (what was posted) and as answered (with system properties).</summary>
internal static class ContainerJson
{
    public static ContainerDefinition Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return ContainerDefinition.Read(document.RootElement);
    }

    public static string Stored(ContainerDefinition definition) =>
        Encoding.UTF8.GetString(Write(writer => Properties(writer, definition)));

    public static void Write(Utf8JsonWriter writer, Container container)
    {
        writer.WriteStartObject();
        foreach (var (name, value) in container.Definition.Properties)
        {
            writer.WritePropertyName(name);
            writer.WriteRawValue(value);
        }
        writer.WriteString("_rid", container.RidText);
        writer.WriteNumber("_ts", container.Timestamp);
        writer.WriteString("_self", container.SelfPrefix);
        writer.WriteString("_etag", container.Etag);
        writer.WriteString("_docs", "docs/");
        writer.WriteString("_sprocs", "sprocs/");
        writer.WriteString("_triggers", "triggers/");
        writer.WriteString("_udfs", "udfs/");
        writer.WriteString("_conflicts", "conflicts/");
        writer.WriteEndObject();
    }

    private static void Properties(Utf8JsonWriter writer, ContainerDefinition definition)
    {
        writer.WriteStartObject();
        foreach (var (name, value) in definition.Properties)
        {
            writer.WritePropertyName(name);
            writer.WriteRawValue(value);
        }
        writer.WriteEndObject();
    }

    private static byte[] Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
            write(writer);
        return buffer.WrittenSpan.ToArray();
    }
}
