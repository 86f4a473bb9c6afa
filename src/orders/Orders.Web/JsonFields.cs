using System.Text.Json;

namespace Orders.Web;

/// <summary>
/// Reads the fields of a JSON object and notes everything that is wrong with them, not only the first thing. A field that is wrong
/// reads as a default; what is made of it is thrown away when there are errors.
/// </summary>
public sealed class JsonFields
{
    private readonly Dictionary<string, JsonElement> _fields = new(StringComparer.Ordinal);
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);
    private readonly string _path;

    private JsonFields(JsonElement element, string path, FieldErrors errors)
    {
        _path = path;
        Errors = errors;
        foreach (var property in element.EnumerateObject())
            if (NameOf(property) is not { } name)
                errors.Add(path.Length == 0 ? FieldErrors.Body : path, "Holds a field whose name is not valid Unicode.");
            else if (!_fields.TryAdd(name, property.Value))
                errors.Add(PathOf(name), "Must be given only once.");
    }

    /// <summary>Where problems are noted.</summary>
    public FieldErrors Errors { get; }

    /// <summary>Reads a whole body; fields that <paramref name="read"/> does not ask for are errors.</summary>
    public static T ReadBody<T>(JsonElement body, FieldErrors errors, Func<JsonFields, T> read)
        where T : class => Object(body, "", errors, read)!;

    /// <summary>Path of one of the fields in <see cref="FieldErrors"/>.</summary>
    public string PathOf(string name) => _path.Length == 0 ? name : $"{_path}.{name}";

    /// <summary>A text that must be there, without white space around it.</summary>
    public string Text(string name, TextRule rule) => Required(name) is { } value ? Text(name, value, rule) : "";

    /// <summary>A text that may be left out or be null.</summary>
    public string? OptionalText(string name, TextRule rule) =>
        Find(name) is { ValueKind: not JsonValueKind.Null } value ? Text(name, value, rule) : null;

    /// <summary>An object that must be there, as it is: for what is read by rules of its own.</summary>
    public JsonElement Raw(string name) =>
        Required(name) is { } value && IsKind(value, JsonValueKind.Object, PathOf(name), Errors) ? value.Clone() : default;

    /// <summary>True or false; null where it is left out or null.</summary>
    public bool? OptionalFlag(string name)
    {
        if (Find(name) is not { ValueKind: not JsonValueKind.Null } value)
            return null;
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
            return value.GetBoolean();
        Errors.Add(PathOf(name), $"Must be true or false, not {Describe(value.ValueKind)}.");
        return null;
    }

    /// <summary>A whole number; 2 and 2.0 are the same number.</summary>
    public int Whole(string name, int least, int most)
    {
        if (Required(name) is not { } value || !IsKind(value, JsonValueKind.Number, PathOf(name), Errors))
            return least;
        if (JsonNumber.TryRead(value.GetRawText(), out var number, out var decimals) && decimals == 0 && number >= least && number <= most)
            return (int)number;
        Errors.Add(PathOf(name), $"Must be a whole number from {least} to {most}.");
        return least;
    }

    /// <summary>A number with a limited count of decimals, which are kept exactly and filled up with zeros: 49.9 is 49.90.</summary>
    /// <param name="name">The field.</param>
    /// <param name="least">Smallest value.</param>
    /// <param name="most">Largest value.</param>
    /// <param name="maxDecimals">Most decimals; null when that cannot be told, for want of another field.</param>
    /// <param name="why">Whose decimals these are, for the message.</param>
    public decimal Number(string name, decimal least, decimal most, int? maxDecimals, string why)
    {
        if (Required(name) is not { } value || !IsKind(value, JsonValueKind.Number, PathOf(name), Errors))
            return least;
        var exact = JsonNumber.TryRead(value.GetRawText(), out var number, out var decimals);
        if (!exact || number < least || number > most)
            Errors.Add(PathOf(name), $"Must be a number from {least} to {most}.");
        else if (decimals > maxDecimals)
            Errors.Add(PathOf(name), $"Must have at most {maxDecimals} decimals{why}.");
        else
            return decimal.Round(number, maxDecimals ?? decimals) + new decimal(0, 0, 0, false, (byte)(maxDecimals ?? decimals));
        return least;
    }

    /// <summary>An object that must be there; null after an error.</summary>
    public T? Object<T>(string name, Func<JsonFields, T> read)
        where T : class => Required(name) is { } value ? Object(value, PathOf(name), Errors, read) : null;

    /// <summary>A list of objects that must be there.</summary>
    public IReadOnlyList<T> List<T>(string name, int least, int most, Func<JsonFields, T> read)
        where T : class
    {
        if (Required(name) is not { } value || !IsKind(value, JsonValueKind.Array, PathOf(name), Errors))
            return [];
        var count = value.GetArrayLength();
        if (count >= least && count <= most)
            return [.. value.EnumerateArray().Select((item, i) => Object(item, $"{PathOf(name)}[{i}]", Errors, read)).OfType<T>()];
        Errors.Add(PathOf(name), $"Must have {least} to {most} entries, not {count}.");
        return [];
    }

    private static T? Object<T>(JsonElement value, string path, FieldErrors errors, Func<JsonFields, T> read)
        where T : class
    {
        if (!IsKind(value, JsonValueKind.Object, path.Length == 0 ? FieldErrors.Body : path, errors))
            return null;
        var fields = new JsonFields(value, path, errors);
        var result = read(fields);
        foreach (var name in fields._fields.Keys.Where(name => !fields._read.Contains(name)))
            errors.Add(fields.PathOf(name), $"Is not a known field; known here are {string.Join(", ", fields._read)}.");
        return result;
    }

    private string Text(string name, JsonElement value, TextRule rule)
    {
        var path = PathOf(name);
        if (!IsKind(value, JsonValueKind.String, path, Errors))
            return "";
        if (TextOf(value) is not { } text)
        {
            Errors.Add(path, "Must be valid Unicode.");
            return "";
        }

        text = rule.Clean(text);
        if (rule.Problem(text) is { } problem)
            Errors.Add(path, problem);
        return text;
    }

    private JsonElement? Find(string name)
    {
        _read.Add(name);
        return _fields.TryGetValue(name, out var value) ? value : null;
    }

    private JsonElement? Required(string name)
    {
        var value = Find(name);
        if (value is null)
            Errors.Add(PathOf(name), "Is required.");
        return value;
    }

    private static bool IsKind(JsonElement value, JsonValueKind kind, string path, FieldErrors errors)
    {
        if (value.ValueKind == kind)
            return true;
        errors.Add(path, $"Must be {Describe(kind)}, not {Describe(value.ValueKind)}.");
        return false;
    }

    private static string Describe(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => "true or false",
    };

    // An escaped half of a surrogate pair is valid JSON and yet no text; the reader has only an exception to say so.
    private static string? TextOf(JsonElement value)
    {
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static string? NameOf(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
