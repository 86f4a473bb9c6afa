using System.Text.Json;

namespace ChangeFeed.Emulator.Model;

/// <summary>The rules an <c>id</c> must obey.</summary>
internal static class ResourceName
{
    public const int MaxLength = 255;
    public const int MaxItemBytes = 1023;

    private static readonly System.Buffers.SearchValues<char> Forbidden = System.Buffers.SearchValues.Create("/\\?#");

    public static string Read(JsonElement root, string what)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("id", out var id) || id.ValueKind != JsonValueKind.String)
            throw CosmosErrorException.BadRequest($"The {what} needs an 'id' that is a string.");
        var name = id.GetString()!;
        return Fault(name) is { } fault ? throw CosmosErrorException.BadRequest(fault) : name;
    }

    /// <summary>Says what is wrong with the id of an item, or null. The service takes more here than its documentation says.</summary>
    public static string? ItemFault(string id)
    {
        if (id.Length == 0)
            return "The 'id' is empty.";
        if (System.Text.Encoding.UTF8.GetByteCount(id) is > MaxItemBytes and var bytes)
            return $"The 'id' has {bytes} bytes; at most {MaxItemBytes} are allowed.";
        // No address can have it: the item could be written, and never read.
        return id.Contains('\0') ? "The 'id' contains the character U+0000." : null;
    }

    /// <summary>Says what is wrong with the name of a database or container, or null.</summary>
    public static string? Fault(string id)
    {
        if (id.Length == 0)
            return "The 'id' is empty.";
        if (id.Length > MaxLength)
            return $"The 'id' has {id.Length} characters; at most {MaxLength} are allowed.";
        if (id[^1] == ' ')
            return $"The id '{id}' ends with a space.";
        return id.AsSpan().ContainsAny(Forbidden) ? $"The id '{id}' contains one of the characters / \\ ? #." : null;
    }
}
