using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Orders.Contracts;

/// <summary>
/// The one rule for e-mail addresses, at the door and where mail is sent. Not everything RFC 5322 allows, but everything that is in use,
/// in every script (RFC 6531).
/// </summary>
/// <param name="Local">The part before the at sign. Outside ASCII it needs a mail server with SMTPUTF8.</param>
/// <param name="Domain">The domain as DNS has it, in ASCII.</param>
public sealed record EmailAddress(string Local, string Domain)
{
    private static readonly IdnMapping Idn = new();

    /// <summary>True when any mail server can take it.</summary>
    public bool IsAscii => Ascii.IsValid(Local);

    /// <summary>Whether mail could be sent there.</summary>
    public static bool IsValid(string text) => TryParse(text, out _);

    /// <summary>Reads an address of the form name@domain, with nothing around it.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out EmailAddress? address)
    {
        address = null;
        if (text.Split('@') is not [{ Length: >= 1 and <= 64 } local, { Length: >= 3 } domain]
            || !text.EnumerateRunes().All(IsAllowed)
            || local.Split('.').Any(part => part.Length == 0)
            || domain.Split('.') is not { Length: >= 2 } labels
            || !labels.All(IsLabel))
            return false;
        try
        {
            address = new EmailAddress(local, Idn.GetAscii(domain.ToLowerInvariant()));
            return true;
        }
        catch (ArgumentException)
        {
            return false; // there is no such domain
        }
    }

    public override string ToString() => $"{Local}@{Domain}";

    // An unpaired surrogate is enumerated as the replacement character.
    private static bool IsAllowed(Rune c) =>
        c != Rune.ReplacementChar && !Rune.IsWhiteSpace(c) && !PlainText.IsForbidden(c) && Rune.GetUnicodeCategory(c) != UnicodeCategory.Format
        && !(c.IsAscii && @"""(),:;<>[\]".Contains((char)c.Value, StringComparison.Ordinal));

    private static bool IsLabel(string label) =>
        label.Length is >= 1 and <= 63 && label[0] != '-' && label[^1] != '-' && label.EnumerateRunes().All(c => c.Value == '-' || IsOfAWord(c));

    private static bool IsOfAWord(Rune c) =>
        Rune.IsLetterOrDigit(c) || Rune.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;
}
