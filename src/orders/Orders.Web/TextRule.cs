namespace Orders.Web;

/// <summary>What a text must be like, beyond not being empty and holding no control characters.</summary>
/// <param name="MaxLength">Most characters, as JSON Schema counts them: code points.</param>
/// <param name="Check">Null when the text is fine, otherwise a sentence that says what it must be.</param>
public sealed record TextRule(int MaxLength, Func<string, string?>? Check = null)
{
    /// <summary>Null when the text follows the rule, otherwise what is wrong.</summary>
    public string? Problem(string text)
    {
        if (text.Length == 0)
            return $"Must have 1 to {MaxLength} characters.";
        if (text.Length > MaxLength && text.EnumerateRunes().Count() > MaxLength)
            return $"Must have at most {MaxLength} characters.";
        return text.Any(char.IsControl) ? "Must not hold control characters." : Check?.Invoke(text);
    }
}
