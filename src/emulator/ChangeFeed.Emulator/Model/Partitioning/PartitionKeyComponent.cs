using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using System.Text.Json;

namespace ChangeFeed.Emulator.Model.Partitioning;

internal enum ComponentKind : byte
{
    Undefined = 0x00,
    Null = 0x01,
    False = 0x02,
    True = 0x03,
    Number = 0x05,
    String = 0x08,
}

/// <summary>One value of a partition key: what a path selects in an item, or one element of the request header.</summary>
internal readonly record struct PartitionKeyComponent(ComponentKind Kind, double Number = 0, string? Text = null)
{
    public static readonly PartitionKeyComponent Undefined = new(ComponentKind.Undefined);

    /// <summary>Reads the value the reader stands on. Arrays and objects cannot be keys; <c>{}</c> stands for undefined.</summary>
    public static PartitionKeyComponent Read(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.Null:
                return new(ComponentKind.Null);
            case JsonTokenType.True:
                return new(ComponentKind.True);
            case JsonTokenType.False:
                return new(ComponentKind.False);
            case JsonTokenType.Number:
                return new(ComponentKind.Number, reader.GetDouble());
            case JsonTokenType.String:
                return new(ComponentKind.String, Text: reader.GetString());
            default:
                reader.Skip();
                return Undefined;
        }
    }

    public static PartitionKeyComponent From(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => new(ComponentKind.Null),
        JsonValueKind.True => new(ComponentKind.True),
        JsonValueKind.False => new(ComponentKind.False),
        JsonValueKind.Number => new(ComponentKind.Number, value.GetDouble()),
        JsonValueKind.String => new(ComponentKind.String, Text: value.GetString()),
        _ => Undefined,
    };

    /// <summary>Appends type byte and data: the bytes that are hashed.</summary>
    public void AppendTo(IBufferWriter<byte> output)
    {
        switch (Kind)
        {
            case ComponentKind.Number:
                var number = output.GetSpan(9);
                number[0] = (byte)Kind;
                BinaryPrimitives.WriteDoubleLittleEndian(number[1..], Number);
                output.Advance(9);
                break;
            case ComponentKind.String:
                var text = output.GetSpan(Encoding.UTF8.GetMaxByteCount(Text!.Length) + 2);
                text[0] = (byte)Kind;
                var written = Encoding.UTF8.GetBytes(Text, text[1..]);
                text[1 + written] = 0xFF;
                output.Advance(written + 2);
                break;
            default:
                output.GetSpan(1)[0] = (byte)Kind;
                output.Advance(1);
                break;
        }
    }

    public void WriteTo(Utf8JsonWriter writer)
    {
        switch (Kind)
        {
            case ComponentKind.Null: writer.WriteNullValue(); break;
            case ComponentKind.False: writer.WriteBooleanValue(false); break;
            case ComponentKind.True: writer.WriteBooleanValue(true); break;
            case ComponentKind.Number: writer.WriteNumberValue(Number); break;
            case ComponentKind.String: writer.WriteStringValue(Text); break;
            default: writer.WriteStartObject(); writer.WriteEndObject(); break;
        }
    }
}
