using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.Emulator.Conformance.Tests.Strict;

/// <summary>What a client is told of the indexes a query uses, and of those it could use.</summary>
public sealed class IndexMetricsTests(Endpoint endpoint)
{
    [Theory]
    [InlineData("SELECT * FROM c WHERE c.a = 1", "a", "", "", "")]
    [InlineData("SELECT * FROM c WHERE 1 < c[\"a\"] OR c.out IN (1, 2)", "a", "out", "", "")]
    [InlineData("SELECT * FROM c WHERE NOT STARTSWITH(c.n.x, 's')", "n/x", "", "", "")]
    [InlineData("SELECT * FROM c WHERE ARRAY_CONTAINS(c.tags, 1)", "tags/[]", "", "", "")]
    [InlineData("SELECT * FROM c WHERE c.a BETWEEN 1 AND 2 AND c.b = @b", "a,b", "", "", "b ASC,a ASC")]
    [InlineData("SELECT * FROM c WHERE c.one = 1 AND c.two > 2", "one,two", "", "one ASC,two ASC", "")]
    [InlineData("SELECT * FROM c ORDER BY c._ts", "_ts", "", "", "")]
    [InlineData("SELECT * FROM c ORDER BY c.one DESC, c.two DESC", "", "", "one DESC,two DESC", "")]
    [InlineData("SELECT * FROM c WHERE c.a = 1 ORDER BY c.b DESC", "a,b", "", "", "a ASC,b DESC")]
    // No index answers these.
    [InlineData("SELECT * FROM c", "", "", "", "")]
    [InlineData("SELECT * FROM c WHERE UPPER(c.a) = 'X' AND c.a + 1 = 2 AND c.a = c.b", "", "", "", "")]
    public async Task Paths_are_named_by_what_the_policy_indexes(string query, string single, string potential, string composite, string missing)
    {
        var container = await NewContainerAsync();
        var options = new QueryRequestOptions { PopulateIndexMetrics = true, PartitionKey = new("p") };
        using var feed = container.GetItemQueryStreamIterator(new QueryDefinition(query).WithParameter("@b", 1), null, options);
        using var answer = await feed.ReadNextAsync();
        answer.EnsureSuccessStatusCode();

        var metrics = JsonNode.Parse(answer.IndexMetrics)!;

        Singles(metrics["UtilizedIndexes"]!["SingleIndexes"]!).ShouldBe(Split(single, "/?"), ignoreOrder: true);
        Singles(metrics["PotentialIndexes"]!["SingleIndexes"]!).ShouldBe(Split(potential, "/?"), ignoreOrder: true);
        Composites(metrics["UtilizedIndexes"]!["CompositeIndexes"]!).ShouldBe(Split(composite, ""));
        Composites(metrics["PotentialIndexes"]!["CompositeIndexes"]!).ShouldBe(Split(missing, ""));
    }

    [Fact]
    public async Task Older_clients_are_told_in_the_older_shape_and_others_not_at_all()
    {
        var container = await NewContainerAsync();
        foreach (var (flag, expected) in new[]
        {
            ("True", """{"UtilizedSingleIndexes":[{"FilterExpression":"","IndexSpec":"/a/?","FilterPreciseSet":true,"IndexPreciseSet":true,"IndexImpactScore":"High"}],"PotentialSingleIndexes":[],"UtilizedCompositeIndexes":[],"PotentialCompositeIndexes":[]}"""),
            ("False", null),
        })
        {
            using var answer = await endpoint.SendAsync(
                HttpMethod.Post,
                $"dbs/{container.Database.Id}/colls/{container.Id}/docs",
                """{"query":"SELECT * FROM c WHERE c.a = 1"}""",
                ("x-ms-documentdb-isquery", "True"),
                ("x-ms-documentdb-partitionkeyrangeid", "0"),
                ("x-ms-cosmos-populateindexmetrics", flag));

            answer.EnsureSuccessStatusCode();
            Header(answer.Headers).ShouldBe(expected);
        }
    }

    private Task<Container> NewContainerAsync() => endpoint.NewContainerAsync(change: properties =>
    {
        properties.IndexingPolicy.IncludedPaths.Add(new() { Path = "/*" });
        properties.IndexingPolicy.ExcludedPaths.Add(new() { Path = "/out/*" });
        properties.IndexingPolicy.CompositeIndexes.Add([new() { Path = "/one" }, new() { Path = "/two" }]);
    });

    private static string? Header(HttpResponseHeaders headers) =>
        headers.TryGetValues("x-ms-cosmos-index-utilization", out var values)
            ? System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(values.Single()))
            : null;

    private static IEnumerable<string> Singles(JsonNode list) => list.AsArray().Select(index => (string)index!["IndexSpec"]!);

    private static IEnumerable<string> Composites(JsonNode list) =>
        list.AsArray().SelectMany(index => index!["IndexSpecs"]!.AsArray().Select(part => (string)part!));

    private static IEnumerable<string> Split(string list, string end) =>
        list.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(path => $"/{path}{end}");
}
