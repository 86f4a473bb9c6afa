using System.Text.Json;
using ChangeFeed.Emulator.Model.Indexing;

namespace ChangeFeed.Emulator.Model.Partitioning;

internal enum PartitionKeyKind
{
    Hash,
    MultiHash,
}

/// <summary>How a container finds an item's partition key: one path, or up to three levels.</summary>
/// <param name="Paths">The paths.</param>
/// <param name="Kind">One path, or several.</param>
/// <param name="Version">The version of the hash.</param>
internal sealed record PartitionKeyDefinition(PropertyPath[] Paths, PartitionKeyKind Kind, int Version = PartitionKeyDefinition.Latest)
{
    private const int Latest = 2;
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
        return new(parsed, kind, Versions(partitionKey, kind));
    }

    /// <summary>The key of a container that was made without one: no item has it.</summary>
    public static PartitionKeyDefinition System { get; } = new([PropertyPath.Parse("/_partitionKey")!], PartitionKeyKind.Hash);

    public bool IsSystem => Paths is [{ Text: "/_partitionKey" }];

    public void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("paths");
        foreach (var path in Paths)
            writer.WriteStringValue(path.Text);
        writer.WriteEndArray();
        writer.WriteString("kind", Kind.ToString());
        writer.WriteNumber("version", Version);
        if (IsSystem)
            writer.WriteBoolean("isSystemKey", true);
        writer.WriteEndObject();
    }

    private static int Versions(JsonElement partitionKey, PartitionKeyKind kind)
    {
        if (!partitionKey.TryGetProperty("version", out var version) || version.ValueKind == JsonValueKind.Null)
            return Latest;
        if (version.ValueKind != JsonValueKind.Number || !version.TryGetInt32(out var number) || number is not (1 or 2))
            throw CosmosErrorException.BadRequest($"The partition key version is {version}; it must be 1 or 2.");
        return number == 1 && kind == PartitionKeyKind.MultiHash
            ? throw CosmosErrorException.BadRequest("A partition key of kind MultiHash needs version 2.")
            : number;
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

    /// <summary>Refuses what the service refuses in the paths of a new container.</summary>
    public void Check()
    {
        foreach (var path in Paths)
            if (IndexPath.ParseNames(path.Text, out var fault) is null || path.Names.Contains(IndexPath.Element))
                throw CosmosErrorException.BadRequest(
                    $"The partition key component definition path '{path.Text}' could not be accepted, failed near position '{fault}'. "
                    + "Partition key paths must contain only valid characters and not contain a trailing slash or wildcard character.");
        if (Paths.Select(path => string.Join('/', path.Names)).Distinct().Count() < Paths.Length)
            throw CosmosErrorException.BadRequest("The partition key has the same path twice.");
    }

    /// <summary>Bytes of the effective key of an item; that of a prefix is shorter. 0 where keys differ in length.</summary>
    public int EffectiveLength => Version == 1 ? 0 : Paths.Length * EffectivePartitionKey.HashLength;

    public byte[] EffectiveKey(ReadOnlySpan<PartitionKeyComponent> components) => EffectivePartitionKey.Compute(Kind, components, Version);
}
