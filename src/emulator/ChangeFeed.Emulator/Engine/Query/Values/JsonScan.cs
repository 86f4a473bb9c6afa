using System.Buffers;
using System.Text.Json;

namespace ChangeFeed.Emulator.Engine.Query.Values;

/// <summary>Finds its way in valid UTF-8 JSON without building anything: most queries look at very few properties.</summary>
internal static class JsonScan
{
    private static readonly SearchValues<byte> Structure = SearchValues.Create("\"[]{}"u8);

    public static ValueKind KindAt(ReadOnlySpan<byte> json, int start) => json[start] switch
    {
        (byte)'{' => ValueKind.Object,
        (byte)'[' => ValueKind.Array,
        (byte)'"' => ValueKind.String,
        (byte)'t' => ValueKind.True,
        (byte)'f' => ValueKind.False,
        (byte)'n' => ValueKind.Null,
        _ => ValueKind.Number,
    };

    public static int SkipSpace(ReadOnlySpan<byte> json, int at)
    {
        while (at < json.Length && json[at] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
            at++;
        return at;
    }

    /// <summary>The offset behind the value that starts at <paramref name="start"/>.</summary>
    public static int EndOfValue(ReadOnlySpan<byte> json, int start) => json[start] switch
    {
        (byte)'"' => EndOfString(json, start),
        (byte)'{' or (byte)'[' => EndOfContainer(json, start),
        _ => EndOfLiteral(json, start),
    };

    /// <summary>The offset behind the closing quote of the string whose opening quote is at <paramref name="start"/>.</summary>
    public static int EndOfString(ReadOnlySpan<byte> json, int start)
    {
        var at = start + 1;
        while (true)
        {
            at += json[at..].IndexOfAny((byte)'"', (byte)'\\');
            if (json[at] == (byte)'"')
                return at + 1;
            at += 2;
        }
    }

    private static int EndOfContainer(ReadOnlySpan<byte> json, int start)
    {
        var depth = 0;
        var at = start;
        while (true)
        {
            at += json[at..].IndexOfAny(Structure);
            switch (json[at])
            {
                case (byte)'"':
                    at = EndOfString(json, at);
                    continue;
                case (byte)'{' or (byte)'[':
                    depth++;
                    break;
                default:
                    depth--;
                    break;
            }
            at++;
            if (depth == 0)
                return at;
        }
    }

    private static int EndOfLiteral(ReadOnlySpan<byte> json, int start)
    {
        var at = start;
        while (at < json.Length && json[at] is not ((byte)',' or (byte)'}' or (byte)']' or (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t'))
            at++;
        return at;
    }

    /// <summary>Steps to the next member of an object; <paramref name="at"/> starts behind the brace.</summary>
    public static bool NextMember(ReadOnlySpan<byte> json, ref int at, out Range name, out Range value)
    {
        name = value = default;
        if (!NextElementStart(json, ref at, (byte)'}'))
            return false;
        var nameEnd = EndOfString(json, at);
        name = (at + 1)..(nameEnd - 1);
        var valueStart = SkipSpace(json, SkipSpace(json, nameEnd) + 1);
        at = EndOfValue(json, valueStart);
        value = valueStart..at;
        return true;
    }

    /// <summary>Steps to the next element of an array; <paramref name="at"/> starts behind the bracket.</summary>
    public static bool NextItem(ReadOnlySpan<byte> json, ref int at, out Range value)
    {
        value = default;
        if (!NextElementStart(json, ref at, (byte)']'))
            return false;
        var start = at;
        at = EndOfValue(json, start);
        value = start..at;
        return true;
    }

    private static bool NextElementStart(ReadOnlySpan<byte> json, ref int at, byte close)
    {
        at = SkipSpace(json, at);
        if (json[at] == close)
            return false;
        if (json[at] == (byte)',')
            at = SkipSpace(json, at + 1);
        return true;
    }

    /// <summary>Finds a member of the object that starts at <paramref name="start"/>.</summary>
    public static bool TryFind(ReadOnlySpan<byte> json, int start, PropertyName name, out int valueStart, out int valueEnd)
    {
        var at = start + 1;
        while (NextElementStart(json, ref at, (byte)'}'))
        {
            var nameEnd = EndOfString(json, at);
            var found = name.Matches(json[(at + 1)..(nameEnd - 1)]);
            valueStart = SkipSpace(json, SkipSpace(json, nameEnd) + 1);
            at = EndOfValue(json, valueStart);
            if (!found)
                continue;
            valueEnd = at;
            return true;
        }

        valueStart = valueEnd = 0;
        return false;
    }

    /// <summary>Decodes the inside of a JSON string.</summary>
    public static string Unescape(ReadOnlySpan<byte> inside)
    {
        if (!inside.Contains((byte)'\\'))
            return System.Text.Encoding.UTF8.GetString(inside);
        var quoted = new byte[inside.Length + 2];
        quoted[0] = quoted[^1] = (byte)'"';
        inside.CopyTo(quoted.AsSpan(1));
        try
        {
            var reader = new Utf8JsonReader(quoted);
            reader.Read();
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // An escaped surrogate without its partner is valid JSON that the reader will not turn into a string.
            return JsonEscapes.Decode(inside);
        }
    }
}
