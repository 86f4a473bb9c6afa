using System.Text;
using ChangeFeed.Emulator.Engine.Query.Values;

namespace ChangeFeed.Emulator.Engine.Query.Functions;

internal static class StringFunctions
{
    /// <summary>The longest text REPLICATE makes.</summary>
    private const int MaxReplicated = 100_000;

    public static readonly Function[] All =
    [
        Function.Of(
            "CONCAT", 2, int.MaxValue, a => a.AllStrings() ? Value.Of(string.Concat(a.Select(v => v.AsString()))) : Value.Undefined),
        Test("CONTAINS", (text, part, comparison) => text.Contains(part, comparison), (text, part) => text.IndexOf(part) >= 0),
        Test("STARTSWITH", (text, part, comparison) => text.StartsWith(part, comparison), (text, part) => text.StartsWith(part)),
        Test("ENDSWITH", (text, part, comparison) => text.EndsWith(part, comparison), (text, part) => text.EndsWith(part)),
        Test("STRINGEQUALS", (text, other, comparison) => text.Equals(other, comparison), (text, other) => text.SequenceEqual(other)),
        Several("CONTAINS_ANY_CI", StringComparison.OrdinalIgnoreCase, true),
        Several("CONTAINS_ANY_CS", StringComparison.Ordinal, true),
        Several("CONTAINS_ALL_CI", StringComparison.OrdinalIgnoreCase, false),
        Several("CONTAINS_ALL_CS", StringComparison.Ordinal, false),
        Function.Of("INDEX_OF", 2, 3, IndexOf),
        Function.Of("LASTINDEXOF", 2, 3, LastIndexOf),
        Function.Of(
            "LEFT",
            (v, n) => v.IsString && n.TryGetInteger(out var count) ? Value.Of(CodePoints.Slice(v.AsString(), 0, count)) : Value.Undefined),
        Function.Of("RIGHT", Right),
        Function.Of("LENGTH", v => v.IsString ? Value.Of(CodePoints.Count(v.AsString())) : Value.Undefined),
        Change("LOWER", text => text.ToLowerInvariant()),
        Change("UPPER", text => text.ToUpperInvariant()),
        Trim("LTRIM", text => text.TrimStart(), (text, set) => text.TrimStart(set)),
        Trim("RTRIM", text => text.TrimEnd(), (text, set) => text.TrimEnd(set)),
        Trim("TRIM", text => text.Trim(), (text, set) => text.Trim(set)),
        Function.Of("REPLACE", 3, 3, a => a.AllStrings() && a[1].AsString() is { Length: > 0 } part
            ? Value.Of(a[0].AsString().Replace(part, a[2].AsString(), StringComparison.Ordinal))
            : Value.Undefined),
        Function.Of("REPLICATE", Replicate),
        Change("REVERSE", text => string.Concat(text.EnumerateRunes().Reverse())),
        Function.Of("SUBSTRING", 3, 3, a => a[0].IsString && a[1].TryGetInteger(out var start) && a[2].TryGetInteger(out var length)
            ? Value.Of(CodePoints.Slice(a[0].AsString(), start, length))
            : Value.Undefined),
    ];

    private delegate bool Utf8Test(ReadOnlySpan<byte> text, ReadOnlySpan<byte> other);

    /// <summary>A test of two strings with an optional third argument to ignore case; the exact form needs no decoding.</summary>
    private static Function Test(string name, Func<string, string, StringComparison, bool> test, Utf8Test exact) => new(name, 2, 3, nodes =>
    {
        Value Exact(Value text, Value other)
        {
            if (!text.IsString || !other.IsString)
                return Value.Undefined;
            return Value.Of(text.TryGetUtf8(out var a) && other.TryGetUtf8(out var b)
                ? exact(a, b)
                : test(text.AsString(), other.AsString(), StringComparison.Ordinal));
        }

        if (nodes.Length == 2)
            return Function.Of(name, Exact).Bind(nodes);
        return Function.Of(name, 3, 3, a => a.Flag(2) switch
        {
            null => Value.Undefined,
            false => Exact(a[0], a[1]),
            true when a[0].IsString && a[1].IsString =>
                Value.Of(test(a[0].AsString(), a[1].AsString(), StringComparison.OrdinalIgnoreCase)),
            _ => Value.Undefined,
        }).Bind(nodes);
    });

    /// <summary>Whether a text contains any or all of several, with the three-valued logic of OR and AND.</summary>
    private static Function Several(string name, StringComparison comparison, bool any) => Function.Of(name, 2, int.MaxValue, a =>
    {
        if (!a[0].IsString)
            return Value.Undefined;
        var text = a[0].AsString();
        foreach (var part in a.Skip(1))
        {
            if (part.IsString && text.Contains(part.AsString(), comparison) == any)
                return Value.Of(any);
        }
        return a.AllStrings(1) ? Value.Of(!any) : Value.Undefined;
    });

    private static Function Change(string name, Func<string, string> change) =>
        Function.Of(name, v => v.IsString ? Value.Of(change(v.AsString())) : Value.Undefined);

    private static Function Trim(string name, Func<string, string> spaces, Func<string, char[], string> set) => Function.Of(name, 1, 2, a =>
    {
        if (!a.AllStrings())
            return Value.Undefined;
        if (a.Length == 1)
            return Value.Of(spaces(a[0].AsString()));
        var characters = a[1].AsString().ToCharArray();
        return characters.Length == 0 ? a[0] : Value.Of(set(a[0].AsString(), characters));
    });

    private static Value IndexOf(Value[] a)
    {
        var start = 0L;
        if (!a[0].IsString || !a[1].IsString || (a.Length > 2 && !a[2].TryGetInteger(out start)))
            return Value.Undefined;
        var text = a[0].AsString();
        if (start < 0 || start > CodePoints.Count(text))
            return Value.Of(-1);
        var found = text.IndexOf(a[1].AsString(), CodePoints.UnitOf(text, start), StringComparison.Ordinal);
        return Value.Of(CodePoints.PositionOf(text, found));
    }

    /// <summary>Searches backwards, from a position if one is given.</summary>
    private static Value LastIndexOf(Value[] a)
    {
        if (!a[0].IsString || !a[1].IsString)
            return Value.Undefined;
        var text = a[0].AsString();
        var start = (long)CodePoints.Count(text) - 1;
        if (a.Length > 2 && !a[2].TryGetInteger(out start))
            return Value.Undefined;
        var part = a[1].AsString();
        if (part.Length == 0 && start >= -1 && start <= text.Length)
            return Value.Of(Math.Max(0, Math.Min(start, CodePoints.Count(text) - 1)));
        if (start < 0 || start > CodePoints.Count(text))
            return Value.Of(-1);
        // The whole of what is searched lies before or at the position.
        var from = Math.Min(CodePoints.UnitOf(text, start + 1), text.Length) - part.Length;
        for (; from >= 0; from--)
        {
            if (string.CompareOrdinal(text, from, part, 0, part.Length) == 0)
                return Value.Of(CodePoints.PositionOf(text, from));
        }
        return Value.Of(-1);
    }

    private static Value Right(Value value, Value number)
    {
        if (!value.IsString || !number.TryGetInteger(out var count))
            return Value.Undefined;
        var text = value.AsString();
        return Value.Of(CodePoints.Slice(text, Math.Max(0, CodePoints.Count(text) - count), count));
    }

    private static Value Replicate(Value value, Value number)
    {
        if (!value.IsString || !number.TryGetInteger(out var count) || count < 0)
            return Value.Undefined;
        var text = value.AsString();
        if (text.Length * (double)count > MaxReplicated)
            return Value.Undefined;
        return Value.Of(text.Length == 0 ? "" : new StringBuilder().Insert(0, text, (int)count).ToString());
    }
}
