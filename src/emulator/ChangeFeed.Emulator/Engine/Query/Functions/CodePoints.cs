namespace ChangeFeed.Emulator.Engine.Query.Functions;

/// <summary>Strings are counted in characters of Unicode, not in UTF-16 units.</summary>
internal static class CodePoints
{
    private static bool HasSurrogates(string text) => text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') >= 0;

    public static int Count(string text) => HasSurrogates(text) ? text.EnumerateRunes().Count() : text.Length;

    /// <summary>The part that begins at a position and has at most a length; nothing outside the text.</summary>
    public static string Slice(string text, long start, long length)
    {
        if (start < 0 || length <= 0)
            return "";
        if (!HasSurrogates(text))
            return start >= text.Length ? "" : text.Substring((int)start, (int)Math.Min(length, text.Length - start));
        var from = UnitOf(text, start);
        return text[from..UnitOf(text, length > int.MaxValue ? length : start + length)];
    }

    /// <summary>The UTF-16 offset of a position; the end when it lies beyond.</summary>
    public static int UnitOf(string text, long position)
    {
        if (!HasSurrogates(text))
            return (int)Math.Min(position, text.Length);
        var unit = 0;
        while (position-- > 0 && unit < text.Length)
            unit += char.IsSurrogatePair(text, unit) ? 2 : 1;
        return unit;
    }

    /// <summary>The position of a UTF-16 offset.</summary>
    public static int PositionOf(string text, int unit) => unit <= 0 ? unit : Count(text[..unit]);
}
