using System.Text;
using System.Text.Json;

namespace ChangeFeed.Emulator.Model.Partitioning;

/// <summary>The values of a partition key with the effective key they hash to.</summary>
internal sealed class PartitionKey(PartitionKeyComponent[] components, byte[] effective)
{
    public PartitionKeyComponent[] Components => components;

    public byte[] Effective => effective;

    /// <summary>Reads the JSON array of a request header or batch operation; a hierarchical prefix gives a shorter effective key.</summary>
    public static PartitionKey Parse(string json, PartitionKeyDefinition definition)
    {
        var components = new List<PartitionKeyComponent>(definition.Paths.Length);
        try
        {
            var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json));
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartArray)
                throw Malformed(json);
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                components.Add(PartitionKeyComponent.Read(ref reader));
        }
        catch (JsonException)
        {
            throw Malformed(json);
        }

        if (components.Count > definition.Paths.Length)
            throw CosmosErrorException.BadRequest(
                $"The partition key {json} has {components.Count} values, the container has {definition.Paths.Length} paths.",
                SubStatus.PartitionKeyMismatch);
        if (components.Count == 0)
            components.AddRange(Enumerable.Repeat(PartitionKeyComponent.Undefined, definition.Paths.Length));
        return From([.. components], definition);
    }

    private const int MaxBytes = 2048;

    /// <summary>Refuses a key that is too long to be an item's.</summary>
    public void Check()
    {
        var bytes = components.Sum(component => component.Text is { } text ? Encoding.UTF8.GetByteCount(text) : 0);
        if (bytes > MaxBytes)
            throw CosmosErrorException.BadRequest($"The partition key has {bytes} bytes; at most {MaxBytes} are allowed.");
    }

    public static PartitionKey From(PartitionKeyComponent[] components, PartitionKeyDefinition definition) =>
        new(components, definition.EffectiveKey(components));

    private static CosmosErrorException Malformed(string json) =>
        CosmosErrorException.BadRequest($"The partition key {json} is not a JSON array of values.");
}
