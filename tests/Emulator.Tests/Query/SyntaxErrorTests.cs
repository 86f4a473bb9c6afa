using OrderPipeline.Emulator.Query;

namespace OrderPipeline.Emulator.Tests.Query;

public class SyntaxErrorTests
{
    static QuerySyntaxException ErrorOf(string query) =>
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

    [Fact]
    public void Long_chains_of_conditions_are_fine()
    {
        var query = "SELECT VALUE 1 WHERE " + string.Join(" OR ", Enumerable.Range(0, 400).Select(i => $"{i} = 399"));

        new MemoryDocuments([]).All(query).ShouldBe(["1"]);
    }
}
