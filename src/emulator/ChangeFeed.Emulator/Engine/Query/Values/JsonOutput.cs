using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ChangeFeed.Emulator.Engine.Query.Values;

/// <summary>Writes values as UTF-8 JSON; slices of documents go through as they are.</summary>
internal static class JsonOutput
{
    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true
    };

    [ThreadStatic]
    private static Utf8JsonWriter? _writer;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _buffer;

    /// <summary>A copy of the value's text.</summary>
    public static byte[] ToJson(in Value value) => value.TryGetRaw(out var raw) ? raw.ToArray() : WriteToBuffer(value).ToArray();

    public static string ToText(in Value value) => value.IsUndefined ? "undefined" : Encoding.UTF8.GetString(WriteToBuffer(value));

    private static ReadOnlySpan<byte> WriteToBuffer(in Value value)
    {
        var buffer = _buffer ??= new ArrayBufferWriter<byte>(1024);
        buffer.ResetWrittenCount();
        var writer = _writer ??= new Utf8JsonWriter(buffer, Options);
        writer.Reset(buffer);
        Write(writer, value);
        writer.Flush();
        return buffer.WrittenSpan;
    }

    private static void Write(Utf8JsonWriter writer, in Value value)
    {
        if (value.TryGetRaw(out var raw))
        {
            writer.WriteRawValue(raw.Span, skipInputValidation: true);
            return;
        }

        switch (value.Kind)
        {
            case ValueKind.Null:
                writer.WriteNullValue();
                break;
            case ValueKind.True or ValueKind.False:
                writer.WriteBooleanValue(value.IsTrue);
                break;
            case ValueKind.Number:
                WriteNumber(writer, value.AsNumber());
                break;
            case ValueKind.String:
                writer.WriteStringValue(value.AsString());
                break;
            case ValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in value.Items())
                {
                    if (item.IsWritable)
                        Write(writer, item);
                }
                writer.WriteEndArray();
                break;
            case ValueKind.Object:
                writer.WriteStartObject();
                foreach (var (name, member) in value.Members())
                {
                    if (!member.IsWritable)
                        continue;
                    writer.WritePropertyName(name);
                    Write(writer, member);
                }
                writer.WriteEndObject();
                break;
            default:
                throw new InvalidOperationException("undefined cannot be written as JSON.");
        }
    }

    private static void WriteNumber(Utf8JsonWriter writer, double number)
    {
        if (number == Math.Floor(number) && Math.Abs(number) < 1e15)
            writer.WriteNumberValue((long)number);
        else
            writer.WriteNumberValue(number);
    }
}
