using ChangeFeed.Emulator.Engine.Query;

namespace ChangeFeed.Emulator.Tests.Engine.Query;

public class SyntaxErrorTests
{
    private static QuerySyntaxException ErrorOf(string query) =>
        Should.Throw<QuerySyntaxException>(() => new MemoryDocuments([]).All(query));

    [Theory]
    [InlineData("SELECT c.order FROM c", 9)]
    [InlineData("SELECT * FROM c WHERE x.a = 1", 22)]
    [InlineData("SELECT * FROM c WHERE NOSUCH(c.x)", 22)]
    [InlineData("SELECT * FROM c WHERE c.x = 1 1", 30)]
    [InlineData("SELECT * FROM c WHERE", 21)]
    [InlineData("SELECT * FROM c WHERE c.x = 'abc", 28)]
    [InlineData("SELECT c.a, c.a FROM c", 12)]
    [InlineData("SELECT * FROM c JOIN x IN c.items", 0)]
    [InlineData("SELECT * FROM c ORDER BY c.x + 1", 25)]
    [InlineData("SELECT VALUE [1,,2] FROM c", 16)]
    public void An_error_has_the_offset_of_what_is_wrong(string query, int offset)
    {
        var error = ErrorOf(query);

        error.Position.ShouldBe(offset);
        error.Message.ShouldContain($"line 1, column {offset + 1}, offset {offset}");
    }

    [Fact]
    public void Lines_are_counted() =>
        ErrorOf("SELECT *\nFROM c\nWHERE c.x = = 1").Message.ShouldContain("line 3, column 13, offset 28");

    [Theory]
    [InlineData('(')]
    [InlineData('[')]
    [InlineData('-')]
    public void Endless_nesting_is_refused_before_it_exhausts_the_stack(char open) =>
        ErrorOf($"SELECT VALUE {string.Concat(Enumerable.Repeat($"{open} ", 100_000))}1").Message.ShouldContain("nested");

    [Theory]
    [InlineData("1 + ", "1")]
    [InlineData("'a' || ", "'a'")]
    [InlineData("1 < ", "1")]
    public void A_chain_without_end_is_refused_before_it_exhausts_the_stack(string part, string last) =>
        ErrorOf($"SELECT VALUE {string.Concat(Enumerable.Repeat(part, 50_000))}{last}").Message.ShouldContain("more than 400 operators");

    [Fact]
    public void A_path_without_end_is_refused() =>
        ErrorOf($"SELECT * FROM c{string.Concat(Enumerable.Repeat(".a", 50_000))}").Message.ShouldContain("more than 400 operators");

    [Fact]
    public void Chains_within_chains_are_refused_too() =>
        ErrorOf(
            $"SELECT VALUE {Enumerable.Range(0, 100).Aggregate("1", (inner, _) => $"({inner}){string.Concat(Enumerable.Repeat(" + 1", 300))}")}")
            .Message.ShouldContain("more than 400 operators");

    [Fact]
    public void The_longest_expressions_fit_on_a_small_stack()
    {
        Exception? failure = null;
        var thread = new Thread(() => failure = Record.Exception(RunLongExpressions), 1536 * 1024);
        thread.Start();
        thread.Join();
        failure.ShouldBeNull();
    }

    private static void RunLongExpressions()
    {
        string Chain(string part, int count, string last) => string.Concat(Enumerable.Repeat(part, count)) + last;
        string[] conditions =
        [
            Chain("c.a = 1 OR ", 20_000, "true"),
            Chain("(c.id = 'x' AND c.pk = 'y') OR ", 5_000, "true"),
            Chain("NOT EXISTS(SELECT VALUE c.b) AND ", 5_000, "true"),
            Chain("1 + ", 390, "1 > 1"),
            $"c{Chain(".a", 390, "")} = undefined",
            Chain("EXISTS(SELECT VALUE c WHERE ", 60, "true" + new string(')', 60)),
            Chain("ABS(", 60, "1" + new string(')', 60)) + " = 1",
        ];
        foreach (var condition in conditions)
        {
            new MemoryDocuments(["{}"]).All($"SELECT VALUE {condition} FROM c WHERE ({condition}) ?? true");
            QueryPlanner.Plan(new QuerySpec($"SELECT * FROM c WHERE {condition} ORDER BY c.x"), new QueryPlanTarget(["/pk"], key => key));
        }
    }
}
