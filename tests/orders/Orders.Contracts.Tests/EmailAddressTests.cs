namespace Orders.Contracts.Tests;

public class EmailAddressTests
{
    [Theory]
    [InlineData("ada@example.org", "ada@example.org", true)]
    [InlineData("a.d+a/b@1.example.ORG", "a.d+a/b@1.example.org", true)]
    [InlineData("ada@EXÄMPLE.org", "ada@xn--exmple-cua.org", true)]
    [InlineData("jürgen@exämple.org", "jürgen@xn--exmple-cua.org", false)]
    [InlineData("用户@例子.广告", "用户@xn--fsqu00a.xn--4rr70v", false)]
    [InlineData("अजय@हिन्दी.भारत", "अजय@xn--j2bd4cyah0f.xn--h2brj9c", false)]
    public void Addresses_of_every_script_are_addresses(string text, string expected, bool ascii)
    {
        EmailAddress.TryParse(text, out var address).ShouldBeTrue();
        (address!.ToString(), address.IsAscii).ShouldBe((expected, ascii));
    }

    [Theory]
    [InlineData("")]
    [InlineData("ada")]
    [InlineData("ada@")]
    [InlineData("ada@localhost")]
    [InlineData("a@da@example.org")]
    [InlineData(".ada@example.org")]
    [InlineData("a..da@example.org")]
    [InlineData("ada lovelace@example.org")]
    [InlineData("ada@example.org\r\nBcc: all@example.org")]
    [InlineData("Ada <ada@example.org>")]
    [InlineData("ada@-example.org")]
    [InlineData("ada@exa_mple.org")]
    [InlineData("ada\u0085@example.org")]
    [InlineData("ada\ufffd@example.org")]
    [InlineData("ada\u200b@example.org")]
    [InlineData("\u202eada@example.org")]
    [InlineData("ada\u2028@example.org")]
    [InlineData("ada@ääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääää.org")]
    [InlineData("ada@äääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääää.org")]
    public void What_mail_cannot_be_sent_to_is_no_address(string text) => EmailAddress.IsValid(text).ShouldBeFalse();

    [Fact]
    public void Half_a_character_is_no_address() => EmailAddress.IsValid("ada\ud800@example.org").ShouldBeFalse();
}
