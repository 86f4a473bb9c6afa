using ChangeFeed.Projections.Versions;

namespace ChangeFeed.Projections.Tests.Versions;

public class PagePositionTests
{
    private static readonly DateTimeOffset At = new(2026, 3, 14, 15, 9, 26, TimeSpan.Zero);

    [Fact]
    public void A_token_gives_its_position_back_and_only_for_its_question()
    {
        var token = new PagePosition(At, ["a", "b"]).ToToken("owner=ada");

        var read = PagePosition.Parse(token, "owner=ada");

        (read!.At, string.Join(",", read.Delivered)).ShouldBe((At, "a,b"));
        PagePosition.Parse(token, "owner=bob").ShouldBeNull();
    }

    [Theory]
    [InlineData("")]
    [InlineData("!")]
    [InlineData("AAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void What_is_no_token_is_none(string token) => PagePosition.Parse(token, "owner=ada").ShouldBeNull();

    [Fact]
    public void A_changed_token_is_none()
    {
        var token = new PagePosition(At, ["a"]).ToToken("owner=ada");

        PagePosition.Parse(token[..^2] + (token[^2] == 'A' ? 'B' : 'A') + token[^1], "owner=ada").ShouldBeNull();
    }

    [Fact]
    public void Documents_of_one_moment_are_counted_over_pages()
    {
        var first = PagePosition.After(null, [("a", At.AddSeconds(1)), ("b", At)]);
        var second = PagePosition.After(first, [("c", At)]);

        second.Delivered.ShouldBe(["b", "c"]);
        PagePosition.After(second, [("d", At.AddSeconds(-1))]).Delivered.ShouldBe(["d"]);
    }
}
