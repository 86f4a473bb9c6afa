using ChangeFeed.MassTransit.DeadLetters;

namespace ChangeFeed.MassTransit.Tests.DeadLetters;

public sealed class DeadLetterIdTests
{
    [Fact]
    public void A_plain_stream_is_in_the_id_as_it_is() => DeadLetterId.Stream("order_1:a-B").ShouldBe("stream.order_1:a-B");

    [Theory]
    [InlineData("a/b")]
    [InlineData("a?b#c\\d")]
    [InlineData("ä")]
    [InlineData("A\n")] // which $ in a pattern takes for the end
    public void Any_other_is_made_one_that_every_store_takes(string stream) => DeadLetterId.Stream(stream).ShouldMatch("^stream\\.~[0-9a-f]{64}\\z");
}
