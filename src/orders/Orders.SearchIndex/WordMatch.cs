namespace Orders.SearchIndex;

/// <summary>Makes an expression of SQLite's full-text search of what somebody typed. Pure.</summary>
internal static class WordMatch
{
    private const int MaxWords = 12;
    private const int MaxAlternatives = 10;

    /// <summary>The expression: each word has to be there, as a beginning, or as a word that a slip may have been meant to be.</summary>
    /// <param name="text">What was typed.</param>
    /// <param name="vocabulary">Words of the index about as long as one that nothing begins like; empty where something does.</param>
    /// <returns>Null where nothing in it is a word.</returns>
    public static string? Of(string text, Func<string, IReadOnlyList<string>> vocabulary)
    {
        var words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Where(part => part.Any(char.IsLetterOrDigit)).Take(MaxWords);
        var all = words.Select(word => $"({string.Join(" OR ", Alternatives(word, vocabulary))})").ToList();
        return all.Count == 0 ? null : string.Join(" AND ", all);
    }

    private static IEnumerable<string> Alternatives(string part, Func<string, IReadOnlyList<string>> vocabulary)
    {
        yield return $"{Quoted(part)} *";
        var word = part.ToLowerInvariant();
        if (EditDistance.Allowed(word) is > 0 and var slips && word.All(char.IsLetterOrDigit))
        {
            foreach (var meant in vocabulary(word).Where(term => EditDistance.Between(word, term) <= slips).Take(MaxAlternatives))
                yield return Quoted(meant);
        }
    }

    private static string Quoted(string text) => $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
