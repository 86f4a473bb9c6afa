using System.Text.Json;
using System.Text.Json.Nodes;
using ChangeFeed.Emulator.Model;

namespace ChangeFeed.Emulator.Engine.Items;

/// <summary>A patch: operations applied in order to an item's JSON, and an optional condition on it.</summary>
internal sealed class PatchDocument
{
    public const int MaxOperations = 10;

    private readonly PatchOperation[] _operations;

    private PatchDocument(PatchOperation[] operations, string? condition) => (_operations, Condition) = (operations, condition);

    /// <summary>How many operations it has.</summary>
    public int Count => _operations.Length;

    /// <summary>The tail of a SELECT, <c>FROM c WHERE …</c>, or null.</summary>
    public string? Condition { get; }

    /// <summary>Reads <c>{"condition":…,"operations":[…]}</c> or the bare array of operations other SDKs send.</summary>
    public static PatchDocument Parse(ReadOnlyMemory<byte> json)
    {
        JsonNode? root;
        try
        {
            JsonText.Check(json.Span);
            root = JsonNode.Parse(json.Span, documentOptions: Strict);
        }
        catch (JsonException exception)
        {
            throw CosmosErrorException.BadRequest($"The patch is not valid JSON: {exception.Message}");
        }

        var list = root as JsonArray ?? (root as JsonObject)?["operations"] as JsonArray
            ?? throw CosmosErrorException.BadRequest("A patch needs 'operations', an array.");
        if (list.Count == 0)
            throw CosmosErrorException.BadRequest("A patch needs at least one operation.");
        if (list.Count > MaxOperations)
            throw CosmosErrorException.BadRequest($"The patch has {list.Count} operations; at most {MaxOperations} are allowed.");
        var condition = (root as JsonObject)?["condition"];
        if (condition is not null && condition.GetValueKind() != JsonValueKind.String)
            throw CosmosErrorException.BadRequest("The condition of a patch must be a string.");
        return new([.. list.Select(PatchOperation.Parse)], condition?.GetValue<string>());
    }

    /// <summary>
    /// Applies all operations to the item's own properties; throws a <see cref="CosmosErrorException"/> where one does not fit.
    /// </summary>
    public byte[] Apply(ReadOnlySpan<byte> properties)
    {
        byte[] closed = [.. properties, (byte)'}'];
        var root = Parse(closed);
        foreach (var operation in _operations)
            operation.Apply(root);
        return JsonSerializer.SerializeToUtf8Bytes(root, Options);
    }

    private static JsonNode Parse(byte[] item)
    {
        try
        {
            return JsonNode.Parse(item, documentOptions: Strict)!;
        }
        catch (JsonException exception)
        {
            throw CosmosErrorException.BadRequest($"The item cannot be patched; replace it. {exception.Message}");
        }
    }

    // Of two properties with one name nobody could say which a path means.
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 128, AllowDuplicateProperties = false };

    private static readonly JsonSerializerOptions Options = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = 256
    };
}
