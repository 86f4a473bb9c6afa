using System.Collections.Frozen;

namespace ChangeFeed.Emulator.Engine.Query.Syntax;

/// <summary>The reserved words. A property with such a name must be written <c>c["order"]</c>, as with the real service.</summary>
internal static class Keywords
{
    private static readonly FrozenSet<string> AnyCase = new[]
    {
        "AND", "ARRAY", "AS", "ASC", "BETWEEN", "BY", "CASE", "CAST", "CONVERT", "CROSS", "DESC", "DISTINCT", "ELSE", "END", "ESCAPE",
        "EXISTS", "FOR", "FROM", "GROUP", "HAVING", "IN", "INNER", "INSERT", "INTO", "IS", "JOIN", "LEFT", "LIKE", "LIMIT", "NOT",
        "OFFSET", "ON", "OR", "ORDER", "OUTER", "OVER", "RIGHT", "SELECT", "SET", "THEN", "TOP", "UPDATE", "VALUE", "WHEN", "WHERE", "WITH",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string> LowerCase = new[] { "true", "false", "null", "undefined", "udf" }.ToFrozenSet();

    public static bool TryGet(string word, out string keyword)
    {
        keyword = word;
        return LowerCase.Contains(word) || AnyCase.TryGetValue(word, out keyword!);
    }
}
