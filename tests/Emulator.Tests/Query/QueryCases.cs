using System.Reflection;

namespace OrderPipeline.Emulator.Tests.Query;

/// <summary>A row of a table of queries: documents, a query, and what is expected of it.</summary>
sealed record QueryCase(IReadOnlyList<string> Documents, string Query, string Expected);

/// <summary>Reads the tables in the folder Cases.</summary>
static class QueryCases
{
    static readonly Assembly Here = typeof(QueryCases).Assembly;

    public static IEnumerable<string> Files(bool items) => Here.GetManifestResourceNames()
        .Where(name => name.StartsWith("QueryCases/", StringComparison.Ordinal) && name.EndsWith(".items", StringComparison.Ordinal) == items);

    static IEnumerable<string> Lines(string file)
    {
        using var reader = new StreamReader(Here.GetManifestResourceStream(file)!);
        return reader.ReadToEnd().Split('\n').Where(line => line.Length > 0 && line[0] != '#').ToList();
    }

    /// <summary>Lines <c>expression  =>  value</c>.</summary>
    public static IEnumerable<QueryCase> Expressions(string file) => Lines(file)
        .Select(line => line.Split("  =>  ", 2))
        .Select(parts => new QueryCase([], $"SELECT VALUE {parts[0]}", parts[1]));

    /// <summary>Blocks of documents, one a line below the word <c>items</c>, followed by queries, each ended by <c>=> what is expected</c>.</summary>
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
            else if (line.StartsWith("=> ", StringComparison.Ordinal))
            {
                yield return new QueryCase(documents, string.Join('\n', query), line[3..]);
                query = [];
            }
            else
            {
                query.Add(line);
            }
        }
    }
}
