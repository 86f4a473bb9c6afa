using System.Text.Json;
using ChangeFeed.Emulator.Engine.Query;

namespace ChangeFeed.Emulator.Tests.Engine.Query;

public class QueryPlannerTests
{
    private static JsonElement Plan(string query, string paths = "/pk", bool hasPartitionKey = false) =>
        JsonDocument.Parse(QueryPlanner.Plan(
        new QuerySpec(query), new QueryPlanTarget(paths.Split(','), key => $"<{key}>", hasPartitionKey))).RootElement;

    private static JsonElement Info(string query, bool hasPartitionKey = false) =>
        Plan(query, hasPartitionKey: hasPartitionKey).GetProperty("queryInfo");

    private static string Ranges(string query, string paths = "/pk") =>
        string.Join(" ", Plan(query, paths).GetProperty("queryRanges").EnumerateArray().Select(Range));

    private static string Range(JsonElement range)
    {
        var end = range.GetProperty("isMaxInclusive").GetBoolean() ? "]" : ")";
        return $"{range.GetProperty("min").GetString()}-{range.GetProperty("max").GetString()}{end}";
    }

    private static string Text(JsonElement info) => info.GetProperty("rewrittenQuery").GetString()!;

    [Theory]
    [InlineData("SELECT * FROM c", "-FF)")]
    [InlineData("SELECT * FROM c WHERE c.x = 1", "-FF)")]
    [InlineData("SELECT * FROM c WHERE c.pk = 'a'", "<[\"a\"]>-<[\"a\"]>]")]
    [InlineData("SELECT * FROM c WHERE c['pk'] = 'a' AND c.x > 1", "<[\"a\"]>-<[\"a\"]>]")]
    [InlineData("SELECT * FROM c WHERE c.pk IN ('b', 'a', null)", "<[\"a\"]>-<[\"a\"]>] <[\"b\"]>-<[\"b\"]>] <[null]>-<[null]>]")]
    [InlineData("SELECT * FROM c WHERE c.pk = 1 OR c.pk = true", "<[1]>-<[1]>] <[true]>-<[true]>]")]
    [InlineData("SELECT * FROM c WHERE c.pk = 'a' OR c.x = 1", "-FF)")]
    [InlineData("SELECT * FROM c WHERE NOT (c.pk = 'a')", "-FF)")]
    [InlineData("SELECT * FROM c WHERE c.pk > 'a'", "-FF)")]
    [InlineData("SELECT * FROM c WHERE c.pk = 'a' AND c.pk = 'b'", "-]")]
    [InlineData("SELECT * FROM c WHERE c.pk = undefined", "-]")]
    [InlineData("SELECT VALUE x FROM x IN c.items WHERE x.pk = 'a'", "-FF)")]
    [InlineData("SELECT VALUE x FROM (SELECT VALUE c FROM c WHERE c.pk = 'a') AS x", "<[\"a\"]>-<[\"a\"]>]")]
    [InlineData("SELECT VALUE 1", "-]")]
    public void Equality_on_the_partition_key_gives_points(string query, string ranges) => Ranges(query).ShouldBe(ranges);

    [Theory]
    [InlineData("SELECT * FROM c WHERE c.a = 'x' AND c.b = 'y' AND c.c = 1", "<[\"x\",\"y\",1]>-<[\"x\",\"y\",1]>]")]
    [InlineData("SELECT * FROM c WHERE c.a = 'x'", "<[\"x\"]>-<[\"x\"]>FF)")]
    [InlineData(
        "SELECT * FROM c WHERE c.a IN ('z', 'x') AND c.b = 'y'", "<[\"x\",\"y\"]>-<[\"x\",\"y\"]>FF) <[\"z\",\"y\"]>-<[\"z\",\"y\"]>FF)")]
    [InlineData("SELECT * FROM c WHERE c.b = 'y'", "-FF)")]
    public void The_first_paths_of_a_hierarchical_key_give_prefixes(string query, string ranges) =>
        Ranges(query, "/a,/b,/c").ShouldBe(ranges);

    [Fact]
    public void A_plain_query_is_sent_as_it_is()
    {
        var info = Info("SELECT c.a FROM c WHERE c.b = 1");

        Text(info).ShouldBe("");
        info.GetProperty("distinctType").GetString().ShouldBe("None");
        info.GetProperty("hasSelectValue").GetBoolean().ShouldBeFalse();
        info.GetProperty("hasNonStreamingOrderBy").GetBoolean().ShouldBeFalse();
    }

    [Theory]
    [InlineData(
        "SELECT * FROM c ORDER BY c.x DESC, c.y",
        """SELECT c._rid, [{"item": c["x"]}, {"item": c["y"]}] AS orderByItems, c AS payload FROM c AS c WHERE ({documentdb-formattableorderbyquery-filter}) ORDER BY c["x"] DESC, c["y"]""")]
    [InlineData(
        "SELECT VALUE c.a FROM c WHERE c.b = 1 ORDER BY c.x",
        """SELECT c._rid, [{"item": c["x"]}] AS orderByItems, c["a"] AS payload FROM c AS c WHERE (((c["b"] = 1) AND ({documentdb-formattableorderbyquery-filter})) AND IS_DEFINED(c["a"])) ORDER BY c["x"]""")]
    [InlineData(
        "SELECT TOP 3 c.a, 1 FROM c ORDER BY c.x",
        """SELECT TOP 3 c._rid, [{"item": c["x"]}] AS orderByItems, {"a": c["a"], "$1": 1} AS payload FROM c AS c WHERE ({documentdb-formattableorderbyquery-filter}) ORDER BY c["x"]""")]
    [InlineData(
        "SELECT * FROM c ORDER BY c.x OFFSET 3 LIMIT 4",
        """SELECT c._rid, [{"item": c["x"]}] AS orderByItems, c AS payload FROM c AS c WHERE ({documentdb-formattableorderbyquery-filter}) ORDER BY c["x"] OFFSET 0 LIMIT 7""")]
    [InlineData("SELECT * FROM c OFFSET 3 LIMIT 4", "SELECT * FROM c AS c OFFSET 0 LIMIT 7")]
    [InlineData("SELECT VALUE COUNT(1) FROM c", """SELECT VALUE [{"item": COUNT(1)}] FROM c AS c""")]
    [InlineData("SELECT VALUE AVG(c.a) FROM c", """SELECT VALUE [{"item": {"sum": SUM(c["a"]), "count": COUNT(c["a"])}}] FROM c AS c""")]
    [InlineData(
        "SELECT VALUE MIN(c.a) FROM c",
        """SELECT VALUE [{"item": MIN(c["a"]), "item2": {"min": MIN(c["a"]), "count": COUNT(c["a"])}}] FROM c AS c""")]
    [InlineData(
        "SELECT COUNT(1) AS n, SUM(c.a) FROM c",
        """SELECT {"n": {"item": COUNT(1)}, "$1": {"item": SUM(c["a"])}} AS payload FROM c AS c""")]
    [InlineData(
        "SELECT c.g, COUNT(1) AS n FROM c GROUP BY c.g",
        """SELECT [{"item": c["g"]}] AS groupByItems, {"g": c["g"], "n": {"item": COUNT(1)}} AS payload FROM c AS c GROUP BY c["g"]""")]
    [InlineData(
        "SELECT c.g, COUNT(1) AS n FROM c GROUP BY c.g ORDER BY c.g DESC",
        """SELECT [{"item": c["g"]}] AS groupByItems, {"g": c["g"], "n": {"item": COUNT(1)}} AS payload FROM c AS c GROUP BY c["g"] ORDER BY c["g"] DESC""")]
    [InlineData("SELECT * FROM c OFFSET 3 LIMIT 2147483647", "SELECT * FROM c AS c OFFSET 0 LIMIT 2147483647")]
    [InlineData(
        "SELECT VALUE SUM(c.n) FROM c GROUP BY c.g",
        """SELECT [{"item": c["g"]}] AS groupByItems, [{"item": SUM(c["n"])}] AS payload FROM c AS c GROUP BY c["g"]""")]
    [InlineData("SELECT DISTINCT c.g FROM c", "")]
    [InlineData("SELECT DISTINCT TOP 3 c.g FROM c", """SELECT DISTINCT c["g"] AS "g" FROM c AS c""")]
    [InlineData("SELECT COUNT(1) FROM (SELECT DISTINCT c.g FROM c)", """SELECT DISTINCT c["g"] AS "g" FROM c AS c""")]
    [InlineData("SELECT TOP 5 * FROM c", "")]
    public void Partitions_are_sent_what_can_be_merged(string query, string rewritten)
    {
        Text(Info(query)).ShouldBe(rewritten);
        if (rewritten.Length > 0)
            Should.NotThrow(() => new MemoryDocuments(["{\"id\":\"1\",\"_rid\":\"r\"}"]).All(rewritten));
    }

    [Fact]
    public void The_client_learns_how_to_merge()
    {
        var ordered = Info("SELECT TOP 5 * FROM c ORDER BY c.x DESC");
        ordered.GetProperty("orderBy")[0].GetString().ShouldBe("Descending");
        ordered.GetProperty("top").GetInt32().ShouldBe(5);

        var paged = Info("SELECT * FROM c OFFSET 3 LIMIT 4");
        paged.GetProperty("offset").GetInt32().ShouldBe(3);
        paged.GetProperty("limit").GetInt32().ShouldBe(4);

        Info("SELECT VALUE AVG(c.x) FROM c").GetProperty("aggregates")[0].GetString().ShouldBe("Average");
        var grouped = Info("SELECT c.g, MAX(c.x) AS m, COUNTIF(c.y) FROM c GROUP BY c.g");
        grouped.GetProperty("groupByAliases").GetRawText().ShouldBe("""["g","m","$1"]""");
        grouped.GetProperty("groupByAliasToAggregateType").GetRawText().ShouldBe("""{"g":null,"m":"Max","$1":"CountIf"}""");

        Info("SELECT DISTINCT c.g FROM c").GetProperty("distinctType").GetString().ShouldBe("Unordered");
        Info("SELECT DISTINCT VALUE c.g FROM c ORDER BY c.g").GetProperty("distinctType").GetString().ShouldBe("Ordered");
        Info("SELECT DISTINCT c.g FROM c ORDER BY c.g").GetProperty("distinctType").GetString().ShouldBe("Unordered");
        Info("SELECT COUNT(1) AS n FROM (SELECT DISTINCT c.g FROM c)")
            .GetProperty("dCountInfo")
            .GetProperty("dCountAlias")
            .GetString()
            .ShouldBe("n");
    }

    [Fact]
    public void With_a_given_partition_key_the_partition_skips_the_offset_itself()
    {
        var info = Info("SELECT * FROM c OFFSET 3 LIMIT 4", hasPartitionKey: true);

        Text(info).ShouldBe("");
        info.TryGetProperty("offset", out _).ShouldBeFalse();
        Text(Info("SELECT * FROM c ORDER BY c.x OFFSET 3 LIMIT 4", hasPartitionKey: true)).ShouldEndWith("OFFSET 3 LIMIT 4");
    }

    [Theory]
    [InlineData("SELECT * FROM c WHERE c.pk = 'a' ORDER BY c.x")]
    [InlineData("SELECT VALUE COUNT(1) FROM c WHERE c.pk = 'a'")]
    [InlineData("SELECT c.g, COUNT(1) AS n FROM c WHERE c.pk = 'a' GROUP BY c.g ORDER BY c.g")]
    public void A_query_over_one_partition_key_needs_no_merging(string query)
    {
        var info = Info(query);

        Text(info).ShouldBe("");
        info.GetProperty("orderBy").GetArrayLength().ShouldBe(0);
        info.GetProperty("aggregates").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public void Distinct_values_in_an_order_are_merged_even_of_one_partition_key()
    {
        var info = Info("SELECT DISTINCT VALUE c.g FROM c WHERE c.pk = 'a' ORDER BY c.g");

        info.GetProperty("distinctType").GetString().ShouldBe("Ordered");
        info.GetProperty("orderBy").GetArrayLength().ShouldBe(1);
        Text(info).ShouldContain("orderByItems");
    }

    [Theory]
    [InlineData("SELECT VALUE COUNT(1) FROM c", "Count")]
    [InlineData("SELECT VALUE AVG(c.n) FROM c", "Average")]
    public void With_a_given_partition_key_aggregates_are_merged_like_without(string query, string aggregate) =>
        Info(query, hasPartitionKey: true).GetProperty("aggregates")[0].GetString().ShouldBe(aggregate);

    [Theory]
    [InlineData("SELECT VALUE COUNT(1) + 1 FROM c")]
    [InlineData("SELECT VALUE {\"n\": COUNT(1)} FROM c")]
    [InlineData("SELECT c.g, COUNT(1) AS n FROM c GROUP BY c.g ORDER BY COUNT(1)")]
    [InlineData("SELECT * FROM c WHERE")]
    [InlineData("SELECT TOP @n * FROM c")]
    public void What_cannot_be_merged_or_read_is_refused(string query) => Should.Throw<QueryException>(() => Info(query));
}
