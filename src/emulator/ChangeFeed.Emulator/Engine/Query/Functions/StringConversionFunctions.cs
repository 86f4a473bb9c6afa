using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using ChangeFeed.Emulator.Engine.Query.Values;

namespace ChangeFeed.Emulator.Engine.Query.Functions;

/// <summary>Between strings and other values.</summary>
internal static partial class StringConversionFunctions
{
    public static readonly Function[] All =
    [
        Function.Of("TOSTRING", ToText),
        Parse("STRINGTOARRAY", v => v.IsArray),
        Parse("STRINGTOBOOLEAN", v => v.IsBoolean),
        Parse("STRINGTONULL", v => v.Kind == ValueKind.Null),
        Function.Of("STRINGTONUMBER", ToNumber),
        Parse("STRINGTOOBJECT", v => v.IsObject),
        Function.Of("STRINGJOIN", Join),
        Function.Of("STRINGSPLIT", Split),
    ];

    /// <summary>Reads JSON text, spaces around it allowed, and accepts one kind of value.</summary>
    private static Function Parse(string name, Func<Value, bool> accept) => Function.Of(name, text =>
    {
        if (!text.IsString)
            return Value.Undefined;
        var json = Encoding.UTF8.GetBytes(text.AsString());
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 512 });
            while (reader.Read())
            {
            }
        }
        catch (JsonException)
        {
            return Value.Undefined;
        }
        var start = JsonScan.SkipSpace(json, 0);
        var value = Value.FromJson(json, start, JsonScan.EndOfValue(json, start));
        return accept(value) ? value : Value.Undefined;
    });

    /// <summary>A number of JSON, but with leading zeros as one likes.</summary>
    private static Value ToNumber(Value text)
    {
        if (!text.IsString || !Number().IsMatch(text.AsString()))
            return Value.Undefined;
        if (long.TryParse(
            text.AsString(),
            NumberStyles.AllowLeadingSign | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite,
            CultureInfo.InvariantCulture,
            out var integer))
            return integer.ToValue();
        var number = double.Parse(text.AsString(), CultureInfo.InvariantCulture);
        return double.IsFinite(number) ? Value.Of(number) : Value.Undefined;
    }

    [GeneratedRegex(@"^\s*-?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?\s*$", RegexOptions.CultureInvariant)]
    private static partial Regex Number();

    private static Value ToText(Value value)
    {
        if (value.IsUndefined || value.IsString)
            return value;
        var text = new StringBuilder();
        CompactText.Append(text, value);
        return Value.Of(text.ToString());
    }

    private static Value Join(Value list, Value separator)
    {
        if (!list.IsArray || !separator.IsString)
            return Value.Undefined;
        var parts = list.ItemList();
        return parts.All(part => part.IsString)
            ? Value.Of(string.Join(separator.AsString(), parts.Select(part => part.AsString())))
            : Value.Undefined;
    }

    private static Value Split(Value text, Value separator)
    {
        if (!text.IsString || !separator.IsString)
            return Value.Undefined;
        var parts = text.AsString().Split(separator.AsString(), StringSplitOptions.None);
        return Value.Of([.. parts.Select(Value.Of)]);
    }
}
