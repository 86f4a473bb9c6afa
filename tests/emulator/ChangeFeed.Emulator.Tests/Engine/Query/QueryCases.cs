using System.Reflection;

namespace ChangeFeed.Emulator.Tests.Engine.Query;

/// <summary>A row of a table of queries.</summary>
/// <param name="Documents">The documents.</param>
/// <param name="Query">The query.</param>
/// <param name="Expected">An array of results, or the word <c>error</c> or <c>unsupported</c> and a part of the message.</param>
/// <param name="OnePartition">It holds only when all documents are in one partition.</param>
internal sealed record QueryCase(IReadOnlyList<string> Documents, string Query, string Expected, bool OnePartition = false);

/// <summary>Reads the tables in the folder Cases.</summary>
internal static class QueryCases
{
    private static readonly Assembly Here = typeof(QueryCases).Assembly;

    public static IEnumerable<string> Files(bool items) => Here.GetManifestResourceNames()
        .Where(
            name => name.StartsWith("QueryCases/", StringComparison.Ordinal) && name.EndsWith(".items", StringComparison.Ordinal) == items);

    private static IEnumerable<string> Lines(string file)
    {
        using var reader = new StreamReader(Here.GetManifestResourceStream(file)!);
        return reader.ReadToEnd().Split('\n').Where(line => line.Length > 0 && line[0] != '#').ToList();
    }

    /// <summary>Lines <c>expression  =>  value</c>.</summary>
    public static IEnumerable<QueryCase> Expressions(string file) => Lines(file)
        .Select(line => line.Split("  =>  ", 2))
        .Select(parts => new QueryCase([], $"SELECT VALUE {parts[0]}", parts[1]));

    /// <summary>
    /// Blocks of documents, one a line below the word <c>items</c>, followed by queries, each ended by <c>=> what is expected</c>,
    /// or <c>=>1 what is expected</c> when that holds in one partition only.
    /// </summary>
    public static IEnumerable<QueryCase> Items(string file)
    {
        var documents = new List<string>();
        var query = new List<string>();
        foreach (var line in Lines(file))
        {
            if (line == "items")
            {
                documents = [];
            }
            else if (query.Count == 0 && line.StartsWith('{'))
            {
                documents.Add(line);
            }
            else if (line.StartsWith("=>", StringComparison.Ordinal))
            {
                var onePartition = line.StartsWith("=>1 ", StringComparison.Ordinal);
                yield return new QueryCase(documents, string.Join('\n', query), line[(onePartition ? 4 : 3)..], onePartition);
                query = [];
            }
            else
            {
                query.Add(line);
            }
        }
    }
}
