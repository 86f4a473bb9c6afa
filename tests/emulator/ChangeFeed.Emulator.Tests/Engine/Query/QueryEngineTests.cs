using System.Text;
using ChangeFeed.Emulator.Engine.Query;
using Microsoft.Extensions.Time.Testing;

namespace ChangeFeed.Emulator.Tests.Engine.Query;

public class QueryEngineTests
{
    private static readonly string[] People =
    [
        """{"id":"1","pk":"a","age":30,"_rid":"r1"}""",
        """{"id":"2","pk":"b","age":20,"_rid":"r2"}""",
        """{"id":"3","pk":"a","age":40,"_rid":"r3"}""",
    ];

    [Fact]
    public void Parameters_stand_for_values_of_any_kind()
    {
        var documents = new MemoryDocuments(People);

        documents.All(QueryRunner.Spec("SELECT VALUE c.id FROM c WHERE c.age > @age AND c.pk = @pk", ("@age", 25), ("@pk", "a")))
            .ShouldBe(["\"1\"", "\"3\""]);
        documents.All(QueryRunner.Spec("SELECT VALUE c.id FROM c WHERE ARRAY_CONTAINS(@ids, c.id)", ("@ids", new[] { "2", "3" })))
            .ShouldBe(["\"2\"", "\"3\""]);
        documents.All(QueryRunner.Spec("SELECT TOP @n VALUE c[@name] FROM c", ("@n", 1), ("@name", "age"))).ShouldBe(["30"]);
        documents.All(QueryRunner.Spec("SELECT VALUE c.id FROM c ORDER BY c.age OFFSET @o LIMIT @l", ("@o", 1), ("@l", 1)))
            .ShouldBe(["\"1\""]);
        documents.All(QueryRunner.Spec("SELECT VALUE @o.x.y FROM c", ("@o", new { x = new { y = "deep" } })), 1)[0].ShouldBe("\"deep\"");
    }

    [Fact]
    public void A_parameter_that_was_not_sent_is_undefined() =>
        new MemoryDocuments(People).All(QueryRunner.Spec("SELECT VALUE c.id FROM c WHERE c.age = @missing")).ShouldBeEmpty();

    [Fact]
    public void A_body_is_read_with_its_parameters_and_its_resume_filter()
    {
        var spec = QuerySpec.Parse(
            """{"query":"SELECT * FROM c","parameters":[{"name":"@a","value":[1]}],"resumeFilter":{"value":[1]}}"""u8.ToArray());

        spec.Text.ShouldBe("SELECT * FROM c");
        spec.Parameters["@a"].GetRawText().ShouldBe("[1]");
        spec.ResumeFilter.ShouldNotBeNull();
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"query":1}""")]
    [InlineData("""{"query":"SELECT 1","parameters":{}}""")]
    [InlineData("""{"query":"SELECT 1","parameters":[1]}""")]
    public void A_body_that_is_no_query_is_refused(string body) =>
        Should.Throw<QueryException>(() => QuerySpec.Parse(Encoding.UTF8.GetBytes(body)));

    [Theory]
    [InlineData("SELECT * FROM c WHERE c.id = '1'", "1", null)]
    [InlineData("SELECT * FROM c WHERE c.id IN ('1', '2') AND c.age > 3", "1,2", null)]
    [InlineData("SELECT * FROM c WHERE c.id = '1' AND c.id = '2'", "", null)]
    [InlineData("SELECT * FROM c WHERE (c.id = '1' AND c['pk'] = 'a') OR (c.id = '2' AND c['pk'] = 'b')", "1,2", "[\"a\"],[\"b\"]")]
    [InlineData("SELECT * FROM c WHERE c.id = '1' OR c.age = 1", null, null)]
    [InlineData("SELECT * FROM c WHERE NOT (c.id = '1')", null, null)]
    [InlineData("SELECT * FROM r WHERE 'a' = r.pk", null, "[\"a\"]")]
    [InlineData("SELECT * FROM c WHERE c.pk IN (1, null, true)", null, "[1],[null],[true]")]
    [InlineData("SELECT * FROM c WHERE c.pk = [1]", null, null)]
    [InlineData("SELECT VALUE x FROM x IN c.list WHERE x.id = '1'", null, null)]
    [InlineData("SELECT VALUE x FROM c JOIN x IN c.list WHERE x.id = '1' AND c.pk = 'a'", null, "[\"a\"]")]
    public void Equality_on_id_and_partition_key_is_passed_to_the_source(string query, string? ids, string? keys)
    {
        var documents = new MemoryDocuments(People);

        documents.All(query);

        var scan = documents.LastScan.ShouldNotBeNull();
        (scan.Ids is null ? null : string.Join(",", scan.Ids)).ShouldBe(ids);
        (scan.PartitionKeys is null ? null : string.Join(",", scan.PartitionKeys)).ShouldBe(keys);
    }

    [Fact]
    public void A_query_without_a_container_reads_nothing()
    {
        var documents = new MemoryDocuments(People);

        documents.All("SELECT VALUE 1 + 1").ShouldBe(["2"]);
        documents.LastScan.ShouldBeNull();
    }

    [Fact]
    public void Select_star_hands_on_the_very_bytes_of_the_document()
    {
        var odd = "{ \"id\" : \"1\",\n \"n\":1.0e0 , \"s\":\"\\u0041\" }";

        new MemoryDocuments([odd]).All("SELECT * FROM c WHERE c.s = 'A' AND c.n = 1").ShouldBe([odd]);
    }

    [Fact]
    public void What_was_read_is_counted()
    {
        var page = new MemoryDocuments(People).Page(new QuerySpec("SELECT * FROM c WHERE c.age > 35"), null, 10);

        page.RowsScanned.ShouldBe(3);
        page.BytesScanned.ShouldBe(People.Sum(json => json.Length));
    }

    [Theory]
    [InlineData("FROM c WHERE c.age > 25", true)]
    [InlineData("from c where c.age > 35", false)]
    [InlineData("FROM c WHERE c.missing > 1", false)]
    [InlineData("FROM c WHERE NOT IS_DEFINED(c.missing)", true)]
    [InlineData("FROM x WHERE x.pk = 'a' AND EXISTS(SELECT VALUE 1 FROM c IN [1])", null)]
    [InlineData("c.age > 25", null)]
    [InlineData("FROM c WHERE c.age >", null)]
    public void The_condition_of_a_patch_is_evaluated_on_one_document(string condition, bool? expected)
    {
        bool Evaluate() => QueryRunner.Engine.EvaluateCondition(condition, Encoding.UTF8.GetBytes(People[0]));

        if (expected is { } value)
            Evaluate().ShouldBe(value);
        else
            Should.Throw<QuerySyntaxException>(() => Evaluate());
    }

    [Fact]
    public void The_present_comes_from_the_clock()
    {
        var engine = new QueryEngine(new FakeTimeProvider(new DateTimeOffset(2024, 2, 29, 12, 30, 15, 123, 456, TimeSpan.Zero)));
        string Value(
            string expression) => new MemoryDocuments([]).All(new QuerySpec($"SELECT VALUE {expression}"), engine: engine).Single();

        Value("GetCurrentDateTime()").ShouldBe("\"2024-02-29T12:30:15.1234560Z\"");
        Value("GetCurrentDateTimeStatic()").ShouldBe("\"2024-02-29T12:30:15.1234560Z\"");
        Value("GetCurrentTimestamp()").ShouldBe("1709209815123");
        Value("GetCurrentTicks()").ShouldBe("17092098151234560");
        Value("GetCurrentTicksStatic()").ShouldBe("17092098151234560");
        Value("Ago('yyyy', 1)").ShouldBe("\"2023-02-28T12:30:15.1234560Z\"");
    }

    private sealed class TickingDocuments(FakeTimeProvider clock) : IQuerySource
    {
        public IEnumerable<QueryRow> Scan(QueryScan scan)
        {
            for (ulong rid = 1; rid <= 3; rid++)
            {
                clock.Advance(TimeSpan.FromSeconds(1));
                yield return new QueryRow(rid, "{}"u8.ToArray());
            }
        }
    }

    [Fact]
    public void The_static_present_is_the_same_for_every_document()
    {
        var clock = new FakeTimeProvider();
        var engine = new QueryEngine(clock);
        List<string> All(
            string expression) => new TickingDocuments(clock).All(new QuerySpec($"SELECT VALUE {expression} FROM c"), engine: engine);

        All("GetCurrentTimestampStatic()").Distinct().Count().ShouldBe(1);
        All("GetCurrentTimestamp()").Distinct().Count().ShouldBe(3);
    }

    [Fact]
    public void Rand_lies_between_0_and_1() =>
        new MemoryDocuments(People).All("SELECT VALUE RAND() >= 0 AND RAND() < 1 FROM c").ShouldAllBe(value => value == "true");

    [Fact]
    public void A_cancelled_query_stops()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        var many = new MemoryDocuments(Enumerable.Repeat("{}", 1000));

        Should.Throw<OperationCanceledException>(() =>
            QueryRunner.Engine.Execute(new QueryRequest(new QuerySpec("SELECT VALUE COUNT(1) FROM c")), many, cancelled.Token));
    }

    [Fact]
    public void A_pattern_that_never_ends_is_refused() =>
        Should.Throw<QueryException>(
            () => new MemoryDocuments([$$"""{"s":"{{new string('a', 40)}}!"}"""]).All("SELECT VALUE RegexMatch(c.s, '^(a+)+$') FROM c"))
            .Message.ShouldContain("takes too long");

    [Fact]
    public void Queries_may_be_run_concurrently()
    {
        var documents = Enumerable.Range(0, 100).Select(i => $$"""{"id":"{{i}}","n":{{i}}}""").ToArray();
        var wanted = new MemoryDocuments(documents).All("SELECT VALUE c.n FROM c WHERE c.id LIKE '%1%' ORDER BY c.n DESC");

        Parallel.For(
            0,
            200,
            _ => new MemoryDocuments(documents).All("SELECT VALUE c.n FROM c WHERE c.id LIKE '%1%' ORDER BY c.n DESC", 7).ShouldBe(wanted));
    }
}
