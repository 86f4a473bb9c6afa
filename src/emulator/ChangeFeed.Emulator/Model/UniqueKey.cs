using System.Text.Json;
using ChangeFeed.Emulator.Model.Partitioning;

namespace ChangeFeed.Emulator.Model;

/// <summary>Paths whose values together may occur once per logical partition.</summary>
internal sealed record UniqueKey(PropertyPath[] Paths)
{
    public static UniqueKey[] Parse(JsonElement container)
    {
        if (!container.TryGetProperty("uniqueKeyPolicy", out var policy) || policy.ValueKind != JsonValueKind.Object
            || !policy.TryGetProperty("uniqueKeys", out var keys) || keys.ValueKind != JsonValueKind.Array)
            return [];
        return [.. keys.EnumerateArray().Select(Key)];
    }

    private static UniqueKey Key(JsonElement key)
    {
        if (key.ValueKind != JsonValueKind.Object
            || !key.TryGetProperty("paths", out var paths) || paths.ValueKind != JsonValueKind.Array || paths.GetArrayLength() == 0)
            throw CosmosErrorException.BadRequest("Each unique key needs 'paths' with at least one path.");
        return new([.. paths.EnumerateArray().Select(path =>
            PropertyPath.Parse(path.ToString())
                ?? throw CosmosErrorException.BadRequest($"The unique key path '{path}' is not a path such as \"/email\"."))]);
    }
}
