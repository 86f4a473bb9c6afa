using System.Text;
using System.Text.Json;
using ChangeFeed.Emulator.Engine.Query;

namespace ChangeFeed.Emulator.Tests.Engine.Query;

public class PagingTests
{
    private static MemoryDocuments Numbers(int count) =>
        new(Enumerable.Range(1, count).Select(i => $$"""{"id":"{{i}}","n":{{i % 7}},"pk":"{{i % 3}}","list":[1,2,3]}"""));

    private static string[] Texts(QueryPage page) => [.. page.Documents.Select(document => Encoding.UTF8.GetString(document.Span))];

    [Theory]
    [InlineData("SELECT VALUE c.id FROM c")]
    [InlineData("SELECT VALUE c.id FROM c WHERE c.n > 2")]
    [InlineData("SELECT VALUE c.id FROM c WHERE c.n = 99")]
    [InlineData("SELECT VALUE c.id FROM c ORDER BY c.n")]
    [InlineData("SELECT VALUE c.id FROM c ORDER BY c.n DESC, c.pk")]
    [InlineData("SELECT VALUE c.id FROM c ORDER BY c.n OFFSET 7 LIMIT 20")]
    [InlineData("SELECT VALUE c.id FROM c OFFSET 7 LIMIT 20")]
    [InlineData("SELECT TOP 17 VALUE c.id FROM c")]
    [InlineData("SELECT TOP 17 VALUE c.id FROM c ORDER BY c.n DESC")]
    [InlineData("SELECT c.id, x FROM c JOIN x IN c.list")]
    [InlineData("SELECT c.id, x FROM c JOIN x IN c.list ORDER BY c.n DESC")]
    [InlineData("SELECT DISTINCT c.n FROM c")]
    [InlineData("SELECT DISTINCT VALUE c.n FROM c ORDER BY c.n DESC")]
    [InlineData("SELECT c.n, c.pk, COUNT(1) AS k FROM c GROUP BY c.n, c.pk")]
    [InlineData("SELECT c.n, COUNT(1) AS k FROM c GROUP BY c.n ORDER BY c.n DESC")]
    public void Pages_of_any_size_add_up_to_the_whole(string query)
    {
        var documents = Numbers(50);
        var whole = documents.All(query);

        foreach (var size in new[] { 1, 2, 3, 7, 49, 50, 51 })
            documents.All(query, size).ShouldBe(whole);
    }

    [Fact]
    public void The_last_full_page_has_no_continuation()
    {
        var documents = Numbers(10);

        documents.Page(new QuerySpec("SELECT * FROM c"), null, 10).Continuation.ShouldBeNull();
        documents.Page(new QuerySpec("SELECT * FROM c ORDER BY c.n"), null, 10).Continuation.ShouldBeNull();
        documents.Page(new QuerySpec("SELECT * FROM c"), null, 9).Continuation.ShouldNotBeNull();
    }

    [Fact]
    public void A_full_page_does_not_search_the_rest_of_the_documents_for_one_more_result()
    {
        var documents = Numbers(5000);
        var spec = new QuerySpec("SELECT VALUE c.id FROM c WHERE c.id = \"1\" OR c.id = \"5000\" OR c.n = 99");

        var first = documents.Page(spec, null, 1);

        first.RowsScanned.ShouldBeLessThan(500);
        documents.All(spec, 1).ShouldBe(["\"1\"", "\"5000\""]);
    }

    [Theory]
    [InlineData("SELECT VALUE c.id FROM c")]
    [InlineData("SELECT VALUE c.id FROM c ORDER BY c.n")]
    [InlineData("SELECT VALUE c.id FROM c ORDER BY c.n DESC")]
    [InlineData("SELECT VALUE c.id FROM c WHERE c.n < 100")]
    public void Writes_between_two_pages_lose_and_repeat_nothing_else(string query)
    {
        var documents = Numbers(40);
        var before = documents.All(query);
        var first = documents.Page(new QuerySpec(query), null, 10);

        // What was delivered goes away, also the very document the page ended with; something new comes at both ends.
        foreach (var id in Texts(first))
            documents.Rows.Remove(ulong.Parse(id.Trim('"')));
        documents.Rows.Add(1000, """{"id":"1000","n":-5}""");
        documents.Rows.Add(1001, """{"id":"1001","n":50}""");

        var rest = new List<string>();
        for (var token = first.Continuation; token is not null;)
        {
            var page = documents.Page(new QuerySpec(query), token, 3);
            rest.AddRange(Texts(page));
            token = page.Continuation;
        }
        rest.Where(id => id.Length < 6).ShouldBe(before.Skip(10));
    }

    [Fact]
    public void A_page_ends_when_it_has_four_megabytes()
    {
        var large = new string('x', 1024 * 60);
        var documents = new MemoryDocuments(Enumerable.Range(1, 200).Select(i => $$"""{"id":"{{i}}","text":"{{large}}"}"""));

        foreach (var query in new[] { "SELECT * FROM c", "SELECT * FROM c ORDER BY c.id DESC" })
        {
            var page = documents.Page(new QuerySpec(query), null, 1000);
            page.Documents.Count.ShouldBeInRange(60, 80);
            documents.All(query).Count.ShouldBe(200);
        }
    }

    [Fact]
    public void An_offset_longer_than_what_is_kept_in_memory_is_passed_in_several_rounds()
    {
        var documents = Numbers(25_000);

        documents.All("SELECT VALUE c.id FROM c ORDER BY c.id OFFSET 24998 LIMIT 5").ShouldBe(["\"9998\"", "\"9999\""]);
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("%%%")]
    [InlineData("e30")]
    [InlineData("eyJxIjoxfQ")]
    public void A_continuation_that_is_none_is_refused(string token)
    {
        Should.Throw<QueryContinuationException>(() => Numbers(3).Page(new QuerySpec("SELECT * FROM c"), token, 1))
            .Message.ShouldContain("continuation token");
    }

    [Fact]
    public void A_continuation_of_another_query_is_refused()
    {
        var documents = Numbers(5);
        var token = documents.Page(new QuerySpec("SELECT * FROM c"), null, 1).Continuation;

        Should.Throw<QueryContinuationException>(() => documents.Page(new QuerySpec("SELECT * FROM c ORDER BY c.n"), token, 1));
        Should.Throw<QueryContinuationException>(() => documents.Page(new QuerySpec("SELECT VALUE c.id FROM c"), token, 1));
    }

    [Fact]
    public void A_continuation_is_plain_text_for_a_header() =>
        Numbers(5).Page(new QuerySpec("SELECT * FROM c ORDER BY c.n"), null, 1).Continuation!.ShouldAllBe(
            c => char.IsAsciiLetterOrDigit(c) || c == '-' || c == '_');

    [Fact]
    public void Numbers_keep_every_digit_in_a_continuation()
    {
        var documents = new MemoryDocuments(
            ["""{"id":"1","n":0.1}""", """{"id":"2","n":0.30000000000000004}""", """{"id":"3","n":12345678901234567890}"""]);

        documents.All("SELECT VALUE c.n FROM c ORDER BY c.n", 1).ShouldBe(["0.1", "0.30000000000000004", "12345678901234567890"]);
    }

    private static JsonElement Json(string json) => JsonDocument.Parse(json).RootElement;

    private static string Rid(ulong number)
    {
        var bytes = new byte[16];
        BitConverter.TryWriteBytes(bytes.AsSpan(8), number);
        return Convert.ToBase64String(bytes).Replace('/', '-');
    }

    private static readonly string[] Sorted =
    [
        """{"id":"1","n":1}""", """{"id":"2","n":2}""", """{"id":"3","n":2}""", """{"id":"4","n":2}""", """{"id":"5","n":3}""",
        """{"id":"6"}"""
    ];

    [Theory]
    [InlineData("ASC", """{"value":[2],"exclude":true}""", "5")]
    [InlineData("ASC", """{"value":[2],"exclude":false}""", "2,3,4,5")]
    [InlineData("ASC", """{"value":[2],"rid":"RID3","exclude":false}""", "3,4,5")]
    [InlineData("DESC", """{"value":[2],"exclude":true}""", "1,6")]
    [InlineData("DESC", """{"value":[2],"rid":"RID3","exclude":false}""", "3,2,1,6")]
    [InlineData("ASC", """{"value":[[]],"exclude":true}""", "1,2,3,4,5")]
    [InlineData("ASC", """{"value":[[]],"exclude":false}""", "6,1,2,3,4,5")]
    [InlineData("DESC", """{"value":["a"],"exclude":false}""", "5,4,3,2,1,6")]
    public void A_resume_filter_keeps_the_rows_behind_its_values(string direction, string filter, string expected)
    {
        var documents = new MemoryDocuments(Sorted);
        var spec = new QuerySpec($"SELECT VALUE c.id FROM c WHERE (true) ORDER BY c.n {direction}") with
        {
            ResumeFilter = Json(filter.Replace("RID3", Rid(3)))
        };

        foreach (var size in new[] { 1, 2, 100 })
            string.Join(",", documents.All(spec, size)).Replace("\"", "").ShouldBe(expected);
    }

    [Fact]
    public void A_continuation_from_before_the_resume_filter_loses_no_row()
    {
        var documents = new MemoryDocuments(Sorted);
        var text = "SELECT VALUE c.id FROM c WHERE ({documentdb-formattableorderbyquery-filter}) ORDER BY c.n";
        var pageStart = documents.Page(
            new QuerySpec(text.Replace("{documentdb-formattableorderbyquery-filter}", "true")), null, 2).Continuation;
        var resumed = new QuerySpec(text) with { ResumeFilter = Json("""{"value":[2],"exclude":false}""") };

        Texts(documents.Page(resumed, pageStart, 100)).ShouldBe(["\"2\"", "\"3\"", "\"4\"", "\"5\""]);
    }

    [Fact]
    public void A_resume_filter_of_the_wrong_shape_is_refused()
    {
        var documents = new MemoryDocuments(Sorted);
        QueryPage Run(
            string filter) => documents.Page(new QuerySpec("SELECT * FROM c ORDER BY c.n") with { ResumeFilter = Json(filter) }, null, 1);

        Should.Throw<QueryException>(() => Run("""{"value":[1,2],"exclude":true}"""));
        Should.Throw<QueryException>(() => Run("""{"exclude":true}"""));
        Should.Throw<QueryException>(() => Run("""{"value":[1],"rid":"x!"}"""));
    }
}
