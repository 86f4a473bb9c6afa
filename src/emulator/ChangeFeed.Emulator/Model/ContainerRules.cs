using System.Text.Json;
using System.Text.Json.Nodes;
using ChangeFeed.Emulator.Model.Indexing;

namespace ChangeFeed.Emulator.Model;

/// <summary>What the service refuses in the definition of a container.</summary>
internal static class ContainerRules
{
    private const int MaxUniqueKeys = 10;
    private const int MaxUniqueKeyPaths = 16;

    private static readonly string[] Languages = ["en-US", "de-DE", "es-ES", "fr-FR", "it-IT", "pt-BR", "pt-PT"];

    /// <summary>Refuses to change what a container keeps for its life.</summary>
    public static void CheckReplacement(ContainerDefinition current, ContainerDefinition replacement)
    {
        if (replacement.Id != current.Id)
            throw CosmosErrorException.BadRequest($"The id of container '{current.Id}' cannot be changed to '{replacement.Id}'.");
        if (!Equal(current, replacement, "partitionKey"))
            throw CosmosErrorException.BadRequest($"The partition key of container '{current.Id}' cannot be changed.");
        if (!current.UniqueKeys.Select(Text).Order(StringComparer.Ordinal).SequenceEqual(replacement.UniqueKeys.Select(Text).Order(StringComparer.Ordinal)))
            throw CosmosErrorException.BadRequest(
                "The unique index cannot be modified. To change the unique index, remove the collection and re-create a new one.");
        if (!Equal(current, replacement, "conflictResolutionPolicy"))
            throw CosmosErrorException.BadRequest($"The conflict resolution policy of container '{current.Id}' cannot be changed.");
        if (!Equal(current, replacement, "vectorEmbeddingPolicy"))
            throw CosmosErrorException.BadRequest($"The vector embedding policy of container '{current.Id}' cannot be changed.");
    }

    private static string Text(UniqueKey key) => string.Join(' ', key.Paths.Select(path => path.Text).Order(StringComparer.Ordinal));

    private static bool Equal(ContainerDefinition current, ContainerDefinition replacement, string property) =>
        Find(current, property) is var left && Find(replacement, property) is var right
        && (left is null ? right is null : right is not null && JsonNode.DeepEquals(JsonNode.Parse(left), JsonNode.Parse(right)));

    private static string? Find(ContainerDefinition definition, string property) =>
        definition.Properties.FirstOrDefault(candidate => candidate.Key == property).Value;

    /// <exception cref="CosmosErrorException">Something is wrong (400).</exception>
    public static void Check(JsonElement root, ContainerDefinition definition)
    {
        if (Policy(root, "indexingPolicy") is { } indexing)
            IndexingPolicyJson.Check(indexing);
        CheckUniqueKeys(definition.UniqueKeys);
        if (Policy(root, "conflictResolutionPolicy") is { } conflicts)
            CheckConflicts(conflicts);
        if (Policy(root, "changeFeedPolicy") is { } feed)
            CheckFeed(feed);
        if (Policy(root, "fullTextPolicy") is { } fullText)
            CheckFullText(fullText);
        if (Policy(root, "geospatialConfig") is { } spatial
            && !(spatial.TryGetProperty("type", out var type) && type.ToString() is "Geography" or "Geometry"))
            throw CosmosErrorException.BadRequest("'geospatialConfig.type' must be Geography or Geometry.");
    }

    private static JsonElement? Policy(JsonElement root, string name)
    {
        if (!root.TryGetProperty(name, out var policy) || policy.ValueKind == JsonValueKind.Null)
            return null;
        return policy.ValueKind == JsonValueKind.Object ? policy : throw CosmosErrorException.BadRequest($"'{name}' must be an object.");
    }

    private static void CheckUniqueKeys(UniqueKey[] keys)
    {
        if (keys.Length > MaxUniqueKeys)
            throw CosmosErrorException.BadRequest($"The container has {keys.Length} unique keys; at most {MaxUniqueKeys} are allowed.");
        if (Array.Find(keys, key => key.Paths.Length > MaxUniqueKeyPaths) is { } longest)
            throw CosmosErrorException.BadRequest($"A unique key has {longest.Paths.Length} paths; at most {MaxUniqueKeyPaths} are allowed.");
        foreach (var key in keys)
            foreach (var path in key.Paths)
                if (IndexPath.ParseNames(path.Text, out _) is null)
                    throw CosmosErrorException.BadRequest($"The unique key path '{path.Text}' is not a path such as \"/email\".");
        if (keys.Select(Text).Distinct().Count() < keys.Length)
            throw CosmosErrorException.BadRequest("The container has the same unique key twice.");
    }

    private static void CheckConflicts(JsonElement policy)
    {
        if (policy.TryGetProperty("mode", out var mode)
            && !mode.ToString().Equals("LastWriterWins", StringComparison.OrdinalIgnoreCase)
            && !mode.ToString().Equals("Custom", StringComparison.OrdinalIgnoreCase))
            throw CosmosErrorException.BadRequest($"'conflictResolutionPolicy.mode' is '{mode}'; it must be LastWriterWins or Custom.");
    }

    private static void CheckFeed(JsonElement policy)
    {
        if (policy.TryGetProperty("retentionDuration", out var minutes) && minutes.ValueKind != JsonValueKind.Null
            && !(minutes.ValueKind == JsonValueKind.Number && minutes.TryGetInt32(out var value) && value >= 0))
            throw CosmosErrorException.BadRequest($"'changeFeedPolicy.retentionDuration' is {minutes}; it must be a whole number of minutes.");
    }

    private static void CheckFullText(JsonElement policy)
    {
        if (policy.TryGetProperty("defaultLanguage", out var language))
            CheckLanguage(language);
        if (!policy.TryGetProperty("fullTextPaths", out var paths) || paths.ValueKind != JsonValueKind.Array)
            return;
        foreach (var path in paths.EnumerateArray())
        {
            if (path.ValueKind != JsonValueKind.Object || !path.TryGetProperty("path", out var text) || IndexPath.ParseNames(text.ToString(), out _) is null)
                throw CosmosErrorException.BadRequest("The Full Text Policy has a path that is not one such as \"/text\".");
            if (path.TryGetProperty("language", out var own))
                CheckLanguage(own);
        }
    }

    private static void CheckLanguage(JsonElement language)
    {
        if (!Languages.Contains(language.ToString()))
            throw CosmosErrorException.BadRequest(
                $"The Full Text Policy contains an unsupported language {language}. Supported languages are: {string.Join(", ", Languages)}.");
    }
}
