using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using ChangeFeed.Emulator.Model.Indexing;
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

    /// <summary>Properties that queries see though no item has them.</summary>
    public required ComputedProperty[] ComputedProperties { get; init; }

    /// <summary>What of the indexing policy decides whether a query can be served.</summary>
    public required IndexingPolicy Indexing { get; init; }

    /// <summary>Reads the definition of a request.</summary>
    /// <exception cref="CosmosErrorException">It has something the service refuses (400).</exception>
    public static ContainerDefinition Parse(JsonElement root, bool needsPartitionKey = true)
    {
        var definition = Read(root, needsPartitionKey);
        definition.PartitionKey.Check();
        ContainerRules.Check(root, definition);
        return definition;
    }

    /// <summary>Reads a stored definition, which was checked when it was made, by the rules of that time.</summary>
    public static ContainerDefinition Read(JsonElement root, bool needsPartitionKey = true)
    {
        var id = ResourceName.Read(root, "container");
        var key = root.TryGetProperty("partitionKey", out var given) && given.ValueKind != JsonValueKind.Null ? PartitionKeyDefinition.Parse(given)
            : needsPartitionKey
                ? throw CosmosErrorException.BadRequest($"The container '{id}' needs a 'partitionKey' with a path, such as \"/id\".")
            : PartitionKeyDefinition.System;
        var indexing = Raw(writer => IndexingPolicyJson.Complete(writer, Member(root, "indexingPolicy")));
        using var policy = JsonDocument.Parse(indexing);
        return new()
        {
            Id = id,
            PartitionKey = key,
            DefaultTtl = Ttl(root),
            UniqueKeys = UniqueKey.Parse(root),
            VersionRetention = Retention(root),
            ComputedProperties = ComputedProperty.Read(root),
            Indexing = IndexingPolicy.Read(policy.RootElement),
            Properties = [.. Echo(root, key, indexing)],
        };
    }

    /// <summary>What was posted, completed with what the service adds.</summary>
    private static IEnumerable<KeyValuePair<string, string>> Echo(JsonElement root, PartitionKeyDefinition key, string indexing)
    {
        foreach (var property in root.EnumerateObject())
            if (!SystemProperties.Contains(property.Name) && property.Value.ValueKind != JsonValueKind.Null
                && property.Name is not ("partitionKey" or "indexingPolicy" or "conflictResolutionPolicy"))
                yield return new(property.Name, property.Value.GetRawText());
        yield return new("partitionKey", Raw(key.WriteTo));
        yield return new("indexingPolicy", indexing);
        yield return new("conflictResolutionPolicy", Raw(writer => CompleteConflicts(writer, Member(root, "conflictResolutionPolicy"))));
        if (Member(root, "geospatialConfig") is null)
            yield return new("geospatialConfig", """{"type":"Geography"}""");
    }

    private static void CompleteConflicts(Utf8JsonWriter writer, JsonElement? policy)
    {
        var custom = policy?.TryGetProperty("mode", out var mode) == true && string.Equals(mode.ToString(), "Custom", StringComparison.OrdinalIgnoreCase);
        writer.WriteStartObject();
        writer.WriteString("mode", custom ? "Custom" : "LastWriterWins");
        writer.WriteString("conflictResolutionPath", Text(policy, "conflictResolutionPath") ?? (custom ? "" : "/_ts"));
        writer.WriteString("conflictResolutionProcedure", Text(policy, "conflictResolutionProcedure") ?? "");
        writer.WriteEndObject();
    }

    private static string? Text(JsonElement? policy, string name) =>
        policy?.TryGetProperty(name, out var value) == true && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text
            ? text
            : null;

    private static JsonElement? Member(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Object ? value : null;

    private static string Raw(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            write(writer);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
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
