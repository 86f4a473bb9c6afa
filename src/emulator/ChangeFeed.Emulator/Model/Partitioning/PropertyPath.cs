using System.Text;

namespace ChangeFeed.Emulator.Model.Partitioning;

/// <summary>A path such as <c>/address/zip</c> or <c>/"odd name"/x</c>, split into property names.</summary>
internal sealed record PropertyPath(string Text, string[] Names)
{
    private readonly byte[] _first = Encoding.UTF8.GetBytes(Names[0]);

    /// <summary>The first property name in UTF-8, compared with raw JSON.</summary>
    public ReadOnlySpan<byte> First => _first;

    public static PropertyPath? Parse(string text)
    {
        if (text.Length < 2 || text[0] != '/')
            return null;

        var names = new List<string>();
        for (var start = 1; start <= text.Length;)
        {
            int end;
            if (start < text.Length && text[start] is '"' or '\'')
            {
                var close = text.IndexOf(text[start], start + 1);
                if (close < 0 || (close + 1 < text.Length && text[close + 1] != '/'))
                    return null;
                names.Add(text[(start + 1)..close]);
                end = close + 1;
            }
            else
            {
                end = text.IndexOf('/', start);
                if (end < 0)
                    end = text.Length;
                names.Add(text[start..end]);
            }
            start = end + 1;
        }
        return names.Any(string.IsNullOrEmpty) ? null : new(text, [.. names]);
    }
}
