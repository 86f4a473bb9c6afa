using System.Text.Json;
using ChangeFeed.Emulator.Model;

namespace ChangeFeed.Emulator.Engine.Query;

/// <summary>The body of a query request: the text, its parameters and, when a sorted query is resumed, where to go on.</summary>
/// <param name="Text">The query.</param>
/// <param name="Parameters">Values of the parameters by name, the name with its <c>@</c>.</param>
/// <param name="ResumeFilter">The <c>resumeFilter</c> of the body, or null.</param>
internal sealed record QuerySpec(string Text, IReadOnlyDictionary<string, JsonElement> Parameters, JsonElement? ResumeFilter = null)
{
    private const int MaxText = 512 * 1024;

    /// <summary>Makes a query without parameters.</summary>
    public QuerySpec(string text) : this(text, new Dictionary<string, JsonElement>()) { }

    /// <summary>Reads a body <c>{"query":"…","parameters":[{"name":"@p","value":…}]}</c>.</summary>
    /// <exception cref="QuerySyntaxException">The body is not such an object.</exception>
    public static QuerySpec Parse(ReadOnlyMemory<byte> body)
    {
        JsonElement root;
        try
        {
            JsonText.Check(body.Span);
            using var document = JsonDocument.Parse(body);
            root = document.RootElement.Clone();
        }
        catch (JsonException e)
        {
            throw new QuerySyntaxException($"The body of the query is not JSON: {e.Message}");
        }

        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("query", out var text) || text.ValueKind != JsonValueKind.String)
            throw new QuerySyntaxException("The body of a query must be an object with a string property 'query'.");
        if (text.GetString()!.Length > MaxText)
            throw new QueryException($"The query has {text.GetString()!.Length} characters; at most {MaxText} are allowed.");
        JsonElement? resume = root.TryGetProperty("resumeFilter", out var filter) && filter.ValueKind == JsonValueKind.Object
            ? filter
            : null;
        return new QuerySpec(text.GetString()!, ReadParameters(root), resume);
    }

    private static Dictionary<string, JsonElement> ReadParameters(JsonElement root)
    {
        var values = new Dictionary<string, JsonElement>();
        if (!root.TryGetProperty("parameters", out var list) || list.ValueKind == JsonValueKind.Null)
            return values;
        if (list.ValueKind != JsonValueKind.Array)
            throw new QuerySyntaxException("The property 'parameters' of a query must be an array.");
        foreach (var item in list.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Object || !item.TryGetProperty("name", out var name)
                || name.ValueKind != JsonValueKind.String)
                throw new QuerySyntaxException("Every parameter of a query must be an object with 'name' and 'value'.");
            if (item.TryGetProperty("value", out var value))
                values[name.GetString()!] = value;
        }
        return values;
    }
}
