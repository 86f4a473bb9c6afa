using System.Text;
using System.Text.Json;
using ChangeFeed.Emulator.Model;
using ChangeFeed.Emulator.Model.Partitioning;

namespace ChangeFeed.Emulator.Engine.Items;

/// <summary>
/// An item as a client sent it: checked, with what the server needs to know, and its properties as raw text
/// so that their order and the spelling of numbers survive.
/// </summary>
internal sealed class ItemContent
{
    public const int MaxSize = 2 * 1024 * 1024;
    private const int MaxDepth = 128;
    private const byte BinaryMark = 0x80;

    private static readonly JsonReaderOptions ReaderOptions = new() { MaxDepth = MaxDepth };

    private ItemContent(string id, PartitionKey partitionKey, int? ttl, byte[] properties, byte[][]? uniqueKeys) =>
        (Id, PartitionKey, Ttl, Properties, UniqueKeys) = (id, partitionKey, ttl, properties, uniqueKeys);

    public string Id { get; }

    public PartitionKey PartitionKey { get; }

    public int? Ttl { get; }

    /// <summary><c>{"a":1,"b":2</c>: the client's properties without system properties and without the closing brace.</summary>
    public byte[] Properties { get; }

    /// <summary>The values of each unique key of the container, in canonical JSON; null where it has none.</summary>
    public byte[][]? UniqueKeys { get; }

    /// <summary>Throws a <see cref="CosmosErrorException"/> that says what is wrong.</summary>
    public static ItemContent Parse(ReadOnlySpan<byte> json, ContainerDefinition container)
    {
        if (json.Length > MaxSize)
            throw CosmosErrorException.TooLarge($"The item has {json.Length} bytes; at most {MaxSize} are allowed.");
        if (json is [BinaryMark, ..])
            throw CosmosErrorException.NotImplemented("binary JSON; leave AZURE_COSMOS_BINARY_ENCODING_ENABLED unset in the client");
        json = json.StartsWith("\uFEFF"u8) ? json[3..] : json;
        if (ControlCharacters.Escape(json) is { } escaped)
            json = escaped;
        try
        {
            return Read(json, container);
        }
        catch (JsonException exception)
        {
            throw CosmosErrorException.BadRequest($"The item is not valid JSON: {exception.Message}");
        }
        catch (InvalidOperationException exception)
        {
            // The reader's way of refusing a string that is not valid UTF-8 or has a lone surrogate.
            throw CosmosErrorException.BadRequest($"The item has a string that is not valid Unicode: {exception.Message}");
        }
    }

    private static ItemContent Read(ReadOnlySpan<byte> json, ContainerDefinition container)
    {
        var reader = new Utf8JsonReader(json, ReaderOptions);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            throw CosmosErrorException.BadRequest("An item must be a JSON object.");

        var values = new PathValues(container);
        var output = new byte[json.Length + 2];
        output[0] = (byte)'{';
        var written = 1;
        string? id = null;
        int? ttl = null;

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var start = (int)reader.TokenStartIndex;
            if (IsSystemProperty(ref reader))
            {
                reader.Skip();
                continue;
            }

            if (reader.ValueTextEquals("id"u8))
            {
                reader.Read();
                id = reader.TokenType == JsonTokenType.String
                    ? reader.GetString()
                    : throw CosmosErrorException.BadRequest("The item's 'id' must be a string.");
                values.Offer("id"u8, ref reader, json);
            }
            else if (reader.ValueTextEquals("ttl"u8))
            {
                reader.Read();
                var asked = ReadTtl(ref reader);
                ttl = container.DefaultTtl is null ? null : asked;
                values.Offer("ttl"u8, ref reader, json);
            }
            else
            {
                values.OfferUnread(ref reader, json);
            }

            if (written > 1)
                output[written++] = (byte)',';
            var length = (int)reader.BytesConsumed - start;
            json.Slice(start, length).CopyTo(output.AsSpan(written));
            written += length;
        }

        // The reader complains here about anything behind the object.
        reader.Read();
        if (id is null)
            throw CosmosErrorException.BadRequest("The item has no 'id'.");
        if (ResourceName.ItemFault(id) is { } fault)
            throw CosmosErrorException.BadRequest(fault);
        var key = values.PartitionKey();
        key.Check();
        return new(id, key, ttl, output[..written], values.UniqueKeys());
    }

    private static bool IsSystemProperty(ref Utf8JsonReader name)
    {
        var text = name.ValueSpan;
        return text.Length >= 3 && text[0] == (byte)'_'
            && (name.ValueTextEquals("_rid"u8) || name.ValueTextEquals("_self"u8) || name.ValueTextEquals("_etag"u8)
                || name.ValueTextEquals("_ts"u8) || name.ValueTextEquals("_attachments"u8) || name.ValueTextEquals("_lsn"u8));
    }

    private static int ReadTtl(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var seconds) && (seconds == -1 || seconds > 0)
            ? seconds
            : throw CosmosErrorException.BadRequest(
                $"The input ttl '{Encoding.UTF8.GetString(reader.ValueSpan)}' is invalid. Ensure to provide a nonzero positive integer "
                + $"less than or equal to '{int.MaxValue}', or '-1' which means never expire.");
}
