using System.Text.Json;
using ChangeFeed.Emulator.Model.Partitioning;

namespace ChangeFeed.Emulator.Model;

/// <summary>What a container was created or replaced with: the JSON as posted, and the parts the server acts on.</summary>
internal sealed class ContainerDefinition
{
    private static readonly HashSet<string> SystemProperties =
    [
        "_rid", "_self", "_etag", "_ts", "_docs", "_sprocs", "_triggers", "_udfs", "_conflicts"
    ];

    public required string Id { get; init; }

    public required PartitionKeyDefinition PartitionKey { get; init; }

    /// <summary>Null: time to live is off. -1: on, without a default. Else seconds.</summary>
    public int? DefaultTtl { get; init; }

    public required UniqueKey[] UniqueKeys { get; init; }

    /// <summary>How long all versions and deletes are kept; null where the container has no such change feed.</summary>
    public TimeSpan? VersionRetention { get; init; }

    /// <summary>The posted properties without system properties, each as raw JSON, in their order.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Properties { get; init; }

    public static ContainerDefinition Parse(JsonElement root)
    {
        var id = ResourceName.Read(root, "container");
        if (!root.TryGetProperty("partitionKey", out var partitionKey))
            throw CosmosErrorException.BadRequest($"The container '{id}' needs a 'partitionKey' with a path, such as \"/id\".");

        var definition = PartitionKeyDefinition.Parse(partitionKey);
        return new()
        {
            Id = id,
            PartitionKey = definition,
            DefaultTtl = Ttl(root),
            UniqueKeys = UniqueKey.Parse(root),
            VersionRetention = Retention(root),
            Properties = [.. Echo(root, partitionKey)],
        };
    }

    private static IEnumerable<KeyValuePair<string, string>> Echo(JsonElement root, JsonElement partitionKey)
    {
        foreach (var property in root.EnumerateObject())
        {
            if (SystemProperties.Contains(property.Name) || property.NameEquals("partitionKey"))
                continue;
            yield return new(property.Name, property.Value.GetRawText());
        }

        // Version and kind are returned as they are acted on: the SDK hashes with what it reads here.
        var kind = partitionKey.TryGetProperty("kind", out var given) && given.ValueKind == JsonValueKind.String
            ? given.GetString()
            : "Hash";
        yield return new(
            "partitionKey", $$"""{"paths":{{partitionKey.GetProperty("paths").GetRawText()}},"kind":"{{kind}}","version":2}""");
        if (!root.TryGetProperty("indexingPolicy", out _))
            yield return new(
                "indexingPolicy",
                """{"indexingMode":"consistent","automatic":true,"includedPaths":[{"path":"/*"}],"excludedPaths":[{"path":"/\"_etag\"/?"}]}""");
        if (!root.TryGetProperty("conflictResolutionPolicy", out _))
            yield return new(
                "conflictResolutionPolicy",
                """{"mode":"LastWriterWins","conflictResolutionPath":"/_ts","conflictResolutionProcedure":""}""");
    }

    private static int? Ttl(JsonElement root)
    {
        if (!root.TryGetProperty("defaultTtl", out var ttl) || ttl.ValueKind == JsonValueKind.Null)
            return null;
        return ttl.ValueKind == JsonValueKind.Number && ttl.TryGetInt32(out var seconds) && (seconds == -1 || seconds > 0)
            ? seconds
            : throw CosmosErrorException.BadRequest($"'defaultTtl' is {ttl}; it must be -1 or a positive number of seconds.");
    }

    private static TimeSpan? Retention(JsonElement root)
    {
        if (!root.TryGetProperty("changeFeedPolicy", out var policy) || policy.ValueKind != JsonValueKind.Object
            || !policy.TryGetProperty("retentionDuration", out var minutes) || minutes.ValueKind != JsonValueKind.Number)
            return null;
        return minutes.TryGetInt32(out var value) && value > 0 ? TimeSpan.FromMinutes(value) : null;
    }
}
