using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using ChangeFeed.Emulator.Model;

namespace ChangeFeed.Emulator.Protocol;

/// <summary>Makes and reads JSON bodies that are not items.</summary>
internal static class JsonBody
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static ReadOnlyMemory<byte> Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer, Options))
            write(writer);
        return buffer.WrittenMemory;
    }

    /// <summary>A feed of resources: <c>{"_rid":…,"Name":[…],"_count":n}</c>.</summary>
    public static ReadOnlyMemory<byte> Feed<T>(
        string rid, string name, IReadOnlyCollection<T> resources, Action<Utf8JsonWriter, T> write) => Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("_rid", rid);
        writer.WriteStartArray(name);
        foreach (var resource in resources)
            write(writer, resource);
        writer.WriteEndArray();
        writer.WriteNumber("_count", resources.Count);
        writer.WriteEndObject();
    });

    public static JsonDocument Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            JsonText.Check(body.Span);
            return JsonDocument.Parse(body);
        }
        catch (JsonException exception)
        {
            throw CosmosErrorException.BadRequest($"The request body is not valid JSON: {exception.Message}");
        }
    }
}
