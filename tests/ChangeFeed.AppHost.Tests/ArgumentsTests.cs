using ChangeFeed.AppHost.Options;
namespace ChangeFeed.AppHost.Tests;

public sealed class ArgumentsTests
{
    [Fact]
    public void An_options_value_may_stand_beside_it_or_after_an_equals_sign() =>
        Arguments.Normalise(["--ports:ordersapi", "6101", "--data=a=b"])
            .ShouldBe(["--Ports:OrdersApi=6101", "--data=a=b"]);

    [Theory]
    [InlineData("--port", "'--port' is not an option of the app host; --help lists them.")]
    [InlineData("6101", "'6101' is not an option of the app host; --help lists them.")]
    [InlineData("--data", "--data needs a value: --data DIR.")]
    public void A_wrong_option_is_one_sentence(string argument, string sentence) =>
        Should.Throw<SettingException>(() => Arguments.Normalise([argument, "--help"])).Message.ShouldBe(sentence);

    [Fact]
    public void Help_lists_every_option() => Arguments.Help.ShouldContain("--Replicas:TaxAudit N");
}
