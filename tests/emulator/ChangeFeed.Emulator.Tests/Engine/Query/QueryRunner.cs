using System.Text;
using System.Text.Json;
using ChangeFeed.Emulator.Engine.Query;

namespace ChangeFeed.Emulator.Tests.Engine.Query;

/// <summary>Runs queries over documents in memory.</summary>
internal static class QueryRunner
{
    public static readonly QueryEngine Engine = new(TimeProvider.System);

    public static List<string> All(this IQuerySource source, QuerySpec spec, int pageSize = 1000, QueryEngine? engine = null)
    {
        var results = new List<string>();
        string? continuation = null;
        do
        {
            var page = source.Page(spec, continuation, pageSize, engine);
            page.Documents.Count.ShouldBeLessThanOrEqualTo(pageSize);
            results.AddRange(page.Documents.Select(document => Encoding.UTF8.GetString(document.Span)));
            continuation = page.Continuation;
        }
        while (continuation is not null);
        return results;
    }

    public static List<string> All(this IQuerySource source, string query, int pageSize = 1000) =>
        source.All(new QuerySpec(query), pageSize);

    public static QueryPage Page(
        this IQuerySource source, QuerySpec spec, string? continuation, int pageSize, QueryEngine? engine = null) =>
        (engine ?? Engine).Execute(
            new QueryRequest(spec) { Continuation = continuation, MaxItems = pageSize, PartitionKeyPaths = ["/pk"] },
            source,
            CancellationToken.None);

    public static QuerySpec Spec(string query, params (string Name, object? Value)[] parameters) => new(
        query, parameters.ToDictionary(parameter => parameter.Name, parameter => JsonSerializer.SerializeToElement(parameter.Value)));
}
