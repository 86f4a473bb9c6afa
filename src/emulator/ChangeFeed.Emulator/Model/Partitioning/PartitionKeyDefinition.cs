using System.Text.Json;

namespace ChangeFeed.Emulator.Model.Partitioning;

internal enum PartitionKeyKind
{
    Hash,
    MultiHash,
}

/// <summary>How a container finds an item's partition key: one path, or up to three levels.</summary>
internal sealed record PartitionKeyDefinition(PropertyPath[] Paths, PartitionKeyKind Kind)
{
    private const int MaxLevels = 3;

    public static PartitionKeyDefinition Parse(JsonElement partitionKey)
    {
        if (partitionKey.ValueKind != JsonValueKind.Object
            || !partitionKey.TryGetProperty("paths", out var paths)
            || paths.ValueKind != JsonValueKind.Array
            || paths.GetArrayLength() == 0)
            throw CosmosErrorException.BadRequest("The partition key definition needs 'paths' with at least one path, such as \"/id\".");

        var kind = Kinds(partitionKey);
        var parsed = paths.EnumerateArray().Select(Path).ToArray();
        if (kind == PartitionKeyKind.Hash && parsed.Length > 1)
            throw CosmosErrorException.BadRequest("A partition key of kind Hash has exactly one path; use kind MultiHash for several.");
        if (parsed.Length > MaxLevels)
            throw CosmosErrorException.BadRequest($"A partition key has at most {MaxLevels} paths.");
        if (partitionKey.TryGetProperty("version", out var version) && version.ValueKind == JsonValueKind.Number
            && version.GetInt32() is not (1 or 2))
            throw CosmosErrorException.BadRequest("The partition key version must be 2.");
        return new(parsed, kind);
    }

    private static PartitionKeyKind Kinds(JsonElement partitionKey)
    {
        if (!partitionKey.TryGetProperty("kind", out var kind) || kind.ValueKind == JsonValueKind.Null)
            return PartitionKeyKind.Hash;
        return Enum.TryParse<PartitionKeyKind>(kind.ToString(), ignoreCase: true, out var parsed) && Enum.IsDefined(parsed)
            ? parsed
            : throw CosmosErrorException.BadRequest($"The partition key kind '{kind}' is not supported; use Hash or MultiHash.");
    }

    private static PropertyPath Path(JsonElement path) =>
        (path.ValueKind == JsonValueKind.String ? PropertyPath.Parse(path.GetString()!) : null)
        ?? throw CosmosErrorException.BadRequest($"The partition key path '{path}' is not a path such as \"/id\".");

    /// <summary>Bytes of the effective key of an item; that of a prefix is shorter.</summary>
    public int EffectiveLength => Paths.Length * EffectivePartitionKey.HashLength;

    public byte[] EffectiveKey(ReadOnlySpan<PartitionKeyComponent> components) => EffectivePartitionKey.Compute(Kind, components);
}
