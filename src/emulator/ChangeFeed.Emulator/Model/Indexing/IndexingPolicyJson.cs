using System.Text.Json;

namespace ChangeFeed.Emulator.Model.Indexing;

/// <summary>Checks the indexing policy of a request, and completes it with what the service adds.</summary>
internal static class IndexingPolicyJson
{
    private const int MaxPaths = 1500;
    private const int MaxComposites = 100;
    private const int MaxCompositePaths = 8;
    private const string Etag = "/\"_etag\"/?";

    private static readonly string[] Modes = ["consistent", "lazy", "none"];

    /// <exception cref="CosmosErrorException">The policy is wrong (400).</exception>
    public static void Check(JsonElement policy)
    {
        if (policy.ValueKind != JsonValueKind.Object)
            throw CosmosErrorException.BadRequest("'indexingPolicy' must be an object.");
        if (Mode(policy) is { } mode && !Modes.Contains(mode))
            throw CosmosErrorException.BadRequest($"'indexingPolicy.indexingMode' is '{mode}'; it must be consistent, lazy or none.");
        if (policy.TryGetProperty("automatic", out var automatic) && automatic.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
            throw CosmosErrorException.BadRequest("'indexingPolicy.automatic' must be true or false.");

        var paths = List(policy, "includedPaths").Concat(List(policy, "excludedPaths"))
            .Select(entry => PathOf(entry, "includedPaths or excludedPaths"))
            .ToList();
        foreach (var path in paths)
            if (IndexPath.Parse(path, out var fault) is null)
                throw NotAPath(path, fault);
        if (paths.GroupBy(path => path).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw CosmosErrorException.BadRequest($"The indexing path '{twice.Key}' is specified more than once.");
        if (paths.Count > MaxPaths)
            throw CosmosErrorException.BadRequest($"The indexing policy has {paths.Count} paths; at most {MaxPaths} are allowed.");
        if (paths.Count > 0 && Mode(policy) != "none" && !paths.Contains("/*"))
            throw CosmosErrorException.BadRequest(
                "The special mandatory indexing path \"/\" is not provided in any of the path type sets. "
                + "Please provide this path in one of the sets.");
        CheckComposites([.. List(policy, "compositeIndexes")]);
    }

    private static void CheckComposites(List<JsonElement> indexes)
    {
        if (indexes.Count > MaxComposites)
            throw CosmosErrorException.BadRequest($"There are {indexes.Count} composite indexes; at most {MaxComposites} are allowed.");
        foreach (var index in indexes)
        {
            if (index.ValueKind != JsonValueKind.Array || index.GetArrayLength() is < 2 or > MaxCompositePaths)
                throw CosmosErrorException.BadRequest($"Each of 'compositeIndexes' must be an array of 2 to {MaxCompositePaths} paths.");
            var paths = index.EnumerateArray().Select(entry => PathOf(entry, "compositeIndexes")).ToList();
            foreach (var path in paths)
                if (IndexPath.ParseNames(path, out var fault) is null)
                    throw NotAPath(path, fault);
            if (paths.Distinct().Count() < paths.Count)
                throw CosmosErrorException.BadRequest($"A composite index has the same path twice: {string.Join(", ", paths)}.");
            foreach (var entry in index.EnumerateArray())
                if (entry.TryGetProperty("order", out var order) && order.ToString() is not ("ascending" or "descending"))
                    throw CosmosErrorException.BadRequest($"The order of a composite index is '{order}'; it must be ascending or descending.");
        }
    }

    private static CosmosErrorException NotAPath(string path, int fault) => CosmosErrorException.BadRequest(
        $"The indexing path '{path}' could not be accepted, failed near position '{fault}'. Please ensure that the path is a valid path. "
        + "Common errors include invalid characters or absence of quotes around labels.");

    private static string PathOf(JsonElement entry, string where) =>
        entry.ValueKind == JsonValueKind.Object && entry.TryGetProperty("path", out var path) && path.ValueKind == JsonValueKind.String
            ? path.GetString()!
            : throw CosmosErrorException.BadRequest($"Each entry of {where} must be an object with a 'path'.");

    private static string? Mode(JsonElement policy) => policy.TryGetProperty("indexingMode", out var mode) ? mode.ToString().ToLowerInvariant() : null;

    private static IEnumerable<JsonElement> List(JsonElement policy, string name)
    {
        if (!policy.TryGetProperty(name, out var list) || list.ValueKind == JsonValueKind.Null)
            return [];
        return list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray()
            : throw CosmosErrorException.BadRequest($"'indexingPolicy.{name}' must be an array.");
    }

    /// <summary>The policy as the service shows it: mode and paths that were not given are there, the etag is excluded.</summary>
    public static void Complete(Utf8JsonWriter writer, JsonElement? given)
    {
        var policy = given is { ValueKind: JsonValueKind.Object } value ? value : default;
        var isObject = policy.ValueKind == JsonValueKind.Object;
        var mode = isObject ? Mode(policy) ?? "consistent" : "consistent";
        writer.WriteStartObject();
        writer.WriteString("indexingMode", mode);
        writer.WriteBoolean("automatic", isObject && policy.TryGetProperty("automatic", out var automatic)
            ? automatic.ValueKind == JsonValueKind.True
            : mode != "none");
        List<JsonElement> included = isObject && mode != "none" ? Kept(policy, "includedPaths") : [];
        List<JsonElement> excluded = isObject && mode != "none" ? Kept(policy, "excludedPaths") : [];
        Write(writer, "includedPaths", included, included.Count + excluded.Count == 0 && mode != "none" ? "/*" : null);
        var mentionsEtag = included.Concat(excluded).Any(entry => entry.TryGetProperty("path", out var path) && path.Says(Etag));
        Write(writer, "excludedPaths", excluded, mode == "none" || mentionsEtag ? null : Etag);
        if (isObject)
            foreach (var property in policy.EnumerateObject())
                if (property.Name is not ("indexingMode" or "automatic" or "includedPaths" or "excludedPaths"))
                    property.WriteTo(writer);
        writer.WriteEndObject();
    }

    private static List<JsonElement> Kept(JsonElement policy, string name) =>
        policy.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().Where(entry => entry.ValueKind == JsonValueKind.Object)]
            : [];

    private static void Write(Utf8JsonWriter writer, string name, List<JsonElement> paths, string? added)
    {
        writer.WriteStartArray(name);
        foreach (var path in paths)
            path.WriteTo(writer);
        if (added is not null)
        {
            writer.WriteStartObject();
            writer.WriteString("path", added);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }
}
