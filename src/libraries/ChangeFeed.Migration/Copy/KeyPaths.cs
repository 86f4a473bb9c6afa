using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.Migration.Copy;

/// <summary>The partition key of a container, one to three levels.</summary>
/// <param name="paths">Its paths.</param>
internal sealed class KeyPaths(IReadOnlyList<string> paths)
{
    private readonly string[][] _paths = [.. paths.Select(path => path.TrimStart('/').Split('/'))];

    /// <summary>The properties of a document the key is in.</summary>
    public IReadOnlyList<string> Properties { get; } = [.. paths.Select(path => path.TrimStart('/').Split('/')[0]).Distinct()];

    /// <summary>The values of a document's key, an id at the end: what identifies it in its container.</summary>
    public JsonArray KeyOf(JsonObject document)
    {
        var key = new JsonArray();
        foreach (var path in _paths)
            key.Add(Value(document, path, out var value) ? value?.DeepClone() : new JsonObject()); // {} is no value: a key cannot be an object
        key.Add((string?)document["id"]);
        return key;
    }

    /// <summary>A document with nothing but a key.</summary>
    public JsonObject DocumentOf(JsonArray values)
    {
        var document = new JsonObject();
        foreach (var (path, value) in _paths.Zip(values))
        {
            var level = document;
            foreach (var name in path[..^1])
                level = (level[name] ??= new JsonObject()).AsObject();
            level[path[^1]] = value?.DeepClone();
        }

        return document;
    }

    /// <summary>The partition of a key that <see cref="KeyOf"/> gave.</summary>
    public static PartitionKey PartitionOf(JsonArray key)
    {
        if (key.Count == 2 && key[0] is JsonObject)
            return PartitionKey.None;
        var builder = new PartitionKeyBuilder();
        foreach (var value in key.Take(key.Count - 1))
        {
            _ = value switch
            {
                null => builder.AddNullValue(),
                JsonObject => builder.AddNoneType(),
                JsonValue v when v.GetValueKind() == JsonValueKind.String => builder.Add(v.GetValue<string>()),
                JsonValue v when v.GetValueKind() is JsonValueKind.True or JsonValueKind.False => builder.Add(v.GetValue<bool>()),
                JsonValue v when v.GetValueKind() == JsonValueKind.Number => builder.Add(v.GetValue<double>()),
                _ => throw new MigrationException($"{value.ToJsonString()} cannot be a partition key."),
            };
        }

        return builder.Build();
    }

    public static string IdOf(JsonArray key) => (string)key[^1]!;

    /// <summary>The key in one text, without the id: equal for documents of one logical partition.</summary>
    public static string Text(JsonArray key) => new JsonArray([.. key.Take(key.Count - 1).Select(value => value?.DeepClone())]).ToJsonString();

    private static bool Value(JsonObject document, string[] path, out JsonNode? value)
    {
        value = document;
        foreach (var name in path)
        {
            if (value is not JsonObject level || !level.TryGetPropertyValue(name, out value))
                return false;
        }

        return true;
    }
}
