using ChangeFeed.Emulator.Engine.Query;

namespace ChangeFeed.Emulator.Tests.Engine.Query;

public class QueryTableTests
{
    public static TheoryData<string, string> Expressions() =>
        [.. QueryCases.Files(items: false).SelectMany(QueryCases.Expressions).Select(row => (row.Query, row.Expected))];

    public static TheoryData<string, int> Items() =>
        [.. QueryCases.Files(items: true).SelectMany(file => QueryCases.Items(file).Select((_, index) => (file, index)))];

    [Theory]
    [MemberData(nameof(Expressions))]
    public void An_expression_has_the_value_of_the_real_service(string query, string expected)
    {
        var results = new MemoryDocuments([]).All(query);

        if (expected == "undefined")
            results.ShouldBeEmpty();
        else
            NormalJson.Of(results.ShouldHaveSingleItem()).ShouldBe(NormalJson.Of(expected));
    }

    [Theory]
    [MemberData(nameof(Items))]
    public void A_query_returns_what_the_table_says_in_one_page_or_many(string file, int index)
    {
        var row = QueryCases.Items(file).ElementAt(index);
        var documents = new MemoryDocuments(row.Documents);

        if (row.Expected.StartsWith("error ", StringComparison.Ordinal))
        {
            Should.Throw<QueryException>(() => documents.All(row.Query)).Message.ShouldContain(row.Expected["error ".Length..]);
        }
        else if (row.Expected.StartsWith("unsupported ", StringComparison.Ordinal))
        {
            Should.Throw<QueryNotSupportedException>(() => documents.All(row.Query)).Message.ShouldContain(
                row.Expected["unsupported ".Length..]);
        }
        else
        {
            var expected = NormalJson.Of(row.Expected);
            foreach (var pageSize in new[] { 1000, 1, 2, 3 })
                NormalJson.Of($"[{string.Join(",", documents.All(row.Query, pageSize))}]")
                    .ShouldBe(expected, $"{row.Query} in pages of {pageSize}");
            var withoutIndex = new MemoryDocuments(row.Documents) { UseHints = false };
            NormalJson.Of($"[{string.Join(",", withoutIndex.All(row.Query))}]").ShouldBe(expected);
        }
    }

    [Fact]
    public void The_tables_hold_more_than_a_thousand_rows() =>
        (Expressions().Count + Items().Count).ShouldBeGreaterThan(1000);
}
