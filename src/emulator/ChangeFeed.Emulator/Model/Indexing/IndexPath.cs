using System.Text;

namespace ChangeFeed.Emulator.Model.Indexing;

/// <summary>A path of an indexing policy: <c>/a/b/?</c> is one value, <c>/a/*</c> everything there, <c>[]</c> the elements of an array.</summary>
internal sealed record IndexPath(string[] Names, bool IsWildcard)
{
    public const string Element = "[]";

    public bool Covers(IReadOnlyList<string> path) =>
        (IsWildcard ? path.Count >= Names.Length : path.Count == Names.Length) && Names.AsSpan().SequenceEqual([.. path.Take(Names.Length)]);

    /// <summary>A path of names as policies and metrics spell it.</summary>
    public static string Text(string[] names) => string.Concat(names.Select(name =>
        name == Element || name.All(IsLabel) ? $"/{name}" : $"/\"{name.Replace("\"", "\\\"")}\""));

    /// <summary>Reads a path with <c>/?</c> or <c>/*</c> at its end; null and where it goes wrong when it is none.</summary>
    public static IndexPath? Parse(string text, out int fault)
    {
        if (Labels(text, out fault) is not { Count: > 0 } labels)
            return null;
        fault = text.Length;
        return labels[^1] switch
        {
            "*" => new([.. labels.SkipLast(1).Select(Unquoted)], true),
            "?" when labels.Count > 1 => new([.. labels.SkipLast(1).Select(Unquoted)], false),
            _ => null,
        };
    }

    /// <summary>The names of a path without an ending, as a composite index or a partition key has it.</summary>
    public static string[]? ParseNames(string text, out int fault)
    {
        if (Labels(text, out fault) is not { Count: > 0 } labels)
            return null;
        fault = text.Length;
        return labels.Exists(label => label is "*" or "?") ? null : [.. labels.Select(Unquoted)];
    }

    private static string Unquoted(string label) => label.StartsWith('"') ? label[1..^1].Replace("\\\"", "\"") : label;

    private static List<string>? Labels(string text, out int at)
    {
        var labels = new List<string>();
        for (at = 0; at < text.Length;)
        {
            if (text[at] != '/')
                return null;
            var start = ++at;
            if (at < text.Length && text[at] is '"' or '\'')
            {
                var quoted = Quoted(text, ref at);
                if (quoted is null)
                    return null;
                labels.Add($"\"{quoted}\"");
                continue;
            }
            while (at < text.Length && text[at] != '/')
            {
                if (!IsLabel(text[at]) && text[start..] is not ("*" or "?") && !text.AsSpan(start).StartsWith(Element))
                    return null;
                at++;
            }
            if (at == start)
                return null;
            labels.Add(text[start..at]);
        }
        return labels;
    }

    private static bool IsLabel(char character) => char.IsLetterOrDigit(character) || character is '_' or '$';

    private static string? Quoted(string text, ref int at)
    {
        var quote = text[at];
        var label = new StringBuilder();
        for (at++; at < text.Length; at++)
        {
            if (text[at] == quote)
            {
                at++;
                return at == text.Length || text[at] == '/' ? label.ToString() : null;
            }
            label.Append(text[at]);
        }
        return null;
    }
}
