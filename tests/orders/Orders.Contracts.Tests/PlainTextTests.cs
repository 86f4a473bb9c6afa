namespace Orders.Contracts.Tests;

public class PlainTextTests
{
    [Theory]
    [InlineData("Zoe\u0308", "Zo\u00eb")]
    [InlineData("A\u030a", "\u00c5")]
    [InlineData("\u212b", "\u00c5")]
    [InlineData("\u1112\u1161\u11ab", "\ud55c")]
    [InlineData("q\u0307\u0323", "q\u0323\u0307")]
    [InlineData("\u0958", "\u0915\u093c")]
    [InlineData("\U0001d15e", "\U0001d157\U0001d165")]
    [InlineData("Ada Lovelace", "Ada Lovelace")]
    public void A_text_is_composed_without_the_help_of_the_system(string text, string composed) => PlainText.Normalize(text).ShouldBe(composed);

    [Theory]
    [InlineData("\u200b")]
    [InlineData("\u200c\u200d\u2060\ufeff")]
    [InlineData("\u00ad \u00a0")]
    [InlineData("\u2800")]
    [InlineData("\u3164\uffa0")]
    [InlineData("\u0301")]
    public void What_has_no_width_is_not_to_be_seen(string text) => PlainText.IsVisible(text).ShouldBeFalse();

    [Theory]
    [InlineData("\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645")]
    [InlineData("\U0001f469\u200d\U0001f680")]
    [InlineData("7")]
    public void What_joins_letters_is_part_of_a_text(string text)
    {
        PlainText.IsVisible(text).ShouldBeTrue();
        text.EnumerateRunes().Any(PlainText.IsForbidden).ShouldBeFalse();
    }
}
