using System.Globalization;
using System.Text;
using ADRaffy.ENSNormalize;

namespace Orders.Contracts;

/// <summary>
/// Text that people type: one spelling of what looks the same, and nothing in it that makes a reader see something else than what is stored.
/// </summary>
public static class PlainText
{
    /// <summary>
    /// Whether a character is never taken: a control character, a line separator, no character at all, or one that changes the direction of text.
    /// </summary>
    public static bool IsForbidden(Rune c) =>
        Rune.IsControl(c) || IsNoncharacter(c.Value)
        || c.Value is 0x061C or 0x200E or 0x200F or 0x2028 or 0x2029 or (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069);

    /// <summary>Whether there is anything to be seen: not only spaces, marks without a letter, and characters without a width.</summary>
    public static bool IsVisible(string text) => text.EnumerateRunes().Any(IsVisible);

    /// <summary>The composed form of Unicode, NFC. The framework's own does nothing without ICU, and the services run without it.</summary>
    public static string Normalize(string text)
    {
        // Nothing below this composes, and most texts end here.
        if (text.All(c => c < '\u0300'))
            return text;
        var composed = new StringBuilder(text.Length);
        foreach (var c in ENSNormalize.NF.NFC(text.EnumerateRunes().Select(rune => rune.Value)))
            composed.Append(new Rune(c));
        return composed.ToString();
    }

    private static bool IsVisible(Rune c) => Rune.GetUnicodeCategory(c) switch
    {
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator or UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark
            or UnicodeCategory.OtherNotAssigned => false,
        _ => c.Value is not (0x115F or 0x1160 or 0x2800 or 0x3164 or 0xFFA0), // letters and a symbol that are blank
    };

    private static bool IsNoncharacter(int c) => (c & 0xFFFE) == 0xFFFE || c is >= 0xFDD0 and <= 0xFDEF;
}
