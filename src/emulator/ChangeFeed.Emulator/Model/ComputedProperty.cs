using System.Text.Json;

namespace ChangeFeed.Emulator.Model;

/// <summary>A property whose value a query computes from an item whenever it is asked for.</summary>
internal sealed record ComputedProperty(string Name, string Query)
{
    public static ComputedProperty[] Read(JsonElement container) =>
        container.TryGetProperty("computedProperties", out var list) && list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().Select(ReadOne)]
            : [];

    private static ComputedProperty ReadOne(JsonElement property) =>
        property.ValueKind == JsonValueKind.Object
        && property.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String
        && property.TryGetProperty("query", out var query) && query.ValueKind == JsonValueKind.String
            ? new(name.GetString()!, query.GetString()!)
            : throw CosmosErrorException.BadRequest("Each of 'computedProperties' must be an object with 'name' and 'query'.");
}
