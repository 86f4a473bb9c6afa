using System.Security.Cryptography;
using Orders.PersonalData;

namespace Orders.Api.Tests.PersonalData;

public class SealedTextTests
{
    private static readonly byte[] Key = RandomNumberGenerator.GetBytes(SealedText.KeySize);

    [Theory]
    [InlineData("c-1001", "ada@example.org")]
    [InlineData("c.1:2 '", "")]
    [InlineData("größe", "日本語 😀")]
    public void What_is_sealed_can_be_opened(string customer, string text)
    {
        var value = SealedText.Seal(customer, Key, text);

        SealedText.CustomerOf(value).ShouldBe(customer);
        SealedText.Open(value, Key).ShouldBe(text);
        SealedText.Seal(customer, Key, text).ShouldNotBe(value);
    }

    [Fact]
    public void Another_key_another_customer_and_a_changed_text_do_not_open_it()
    {
        var value = SealedText.Seal("c-1001", Key, "ada@example.org");
        var other = SealedText.Seal("c-1002", Key, "ada@example.org");
        var moved = other[..(other.LastIndexOf('.') + 1)] + value[(value.LastIndexOf('.') + 1)..];

        Should.Throw<CryptographicException>(() => SealedText.Open(value, RandomNumberGenerator.GetBytes(SealedText.KeySize)));
        Should.Throw<CryptographicException>(() => SealedText.Open(moved, Key));
        Should.Throw<CryptographicException>(() => SealedText.Open(value[..^4] + (value[^4] == 'A' ? "BBBB" : "AAAA"), Key));
        Should.Throw<CryptographicException>(() => SealedText.Open(value[..(value.LastIndexOf('.') + 5)], Key));
    }

    [Theory]
    [InlineData("ada@example.org")]
    [InlineData("")]
    [InlineData("sealed1.")]
    [InlineData("sealed1.abc")]
    [InlineData("sealed1.a b.c")]
    public void A_text_that_is_not_sealed_is_seen_to_be_none(string text) => SealedText.CustomerOf(text).ShouldBeNull();
}
