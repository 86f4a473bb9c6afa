namespace Orders.SearchIndex;

/// <summary>How many slips of the finger are between two words: a letter too many, too few or wrong, or two that changed places.</summary>
internal static class EditDistance
{
    private const int ShortestForOne = 4;
    private const int ShortestForTwo = 8;

    /// <summary>How many slips a word may have; in a short one each could make another word of it.</summary>
    public static int Allowed(string word) => word.Length < ShortestForOne ? 0 : word.Length < ShortestForTwo ? 1 : 2;

    /// <summary>The distance of two words (optimal string alignment).</summary>
    public static int Between(string a, string b)
    {
        var (before, last, row) = (new int[b.Length + 1], new int[b.Length + 1], new int[b.Length + 1]);
        for (var j = 0; j <= b.Length; j++)
            last[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                row[j] = Math.Min(Math.Min(last[j], row[j - 1]) + 1, replaced);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    row[j] = Math.Min(row[j], before[j - 2] + 1);
            }

            (before, last, row) = (last, row, before);
        }

        return last[b.Length];
    }
}
