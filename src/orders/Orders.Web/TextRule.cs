using Orders.Contracts;

namespace Orders.Web;

/// <summary>
/// What a text must be like, beyond having something to be seen in it and nothing that hides: no control characters, line separators or
/// characters that change the direction of text.
/// </summary>
/// <param name="MaxLength">Most characters, as JSON Schema counts them: code points.</param>
/// <param name="Check">Null when the text is fine, otherwise a sentence that says what it must be.</param>
public sealed record TextRule(int MaxLength, Func<string, string?>? Check = null)
{
    // A letter with its marks apart is up to four characters, of two UTF-16 units each. What is longer than that is too long composed, too.
    private const int LongestSpelling = 8;

    /// <summary>The text as it is stored: without white space around it, and composed, so that what looks the same is the same.</summary>
    public string Clean(string text)
    {
        text = text.Trim();
        return text.Length > MaxLength * LongestSpelling ? text : PlainText.Normalize(text);
    }

    /// <summary>Null when the text follows the rule, otherwise what is wrong.</summary>
    public string? Problem(string text)
    {
        if (text.Length == 0)
            return $"Must have 1 to {MaxLength} characters.";
        if (text.Length > MaxLength && text.EnumerateRunes().Count() > MaxLength)
            return $"Must have at most {MaxLength} characters.";
        if (text.Any(char.IsControl))
            return "Must not hold control characters.";
        if (text.EnumerateRunes().Any(PlainText.IsForbidden))
            return "Must not hold line separators or characters that change the direction of text.";
        return PlainText.IsVisible(text) ? Check?.Invoke(text) : "Must have at least one character that can be seen.";
    }
}
