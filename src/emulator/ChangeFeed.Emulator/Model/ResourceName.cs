using System.Text.Json;

namespace ChangeFeed.Emulator.Model;

/// <summary>The rules an <c>id</c> must obey.</summary>
internal static class ResourceName
{
    public const int MaxLength = 255;

    private static readonly System.Buffers.SearchValues<char> Forbidden = System.Buffers.SearchValues.Create("/\\?#");

    public static string Read(JsonElement root, string what)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("id", out var id) || id.ValueKind != JsonValueKind.String)
            throw CosmosErrorException.BadRequest($"The {what} needs an 'id' that is a string.");
        var name = id.GetString()!;
        return Fault(name) is { } fault ? throw CosmosErrorException.BadRequest(fault) : name;
    }

    /// <summary>Says what is wrong with an id, or null.</summary>
    public static string? Fault(string id)
    {
        if (id.Length == 0)
            return "The 'id' is empty.";
        if (id.Length > MaxLength)
            return $"The 'id' has {id.Length} characters; at most {MaxLength} are allowed.";
        return id.AsSpan().ContainsAny(Forbidden) ? $"The id '{id}' contains one of the characters / \\ ? #." : null;
    }
}
