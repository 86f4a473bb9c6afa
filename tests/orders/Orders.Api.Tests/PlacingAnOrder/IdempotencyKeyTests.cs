using Microsoft.Extensions.Primitives;
using Orders.Api.PlacingAnOrder;
using Orders.Web;

namespace Orders.Api.Tests.PlacingAnOrder;

public sealed class IdempotencyKeyTests
{
    [Fact]
    public void No_header_is_no_key() => IdempotencyKey.Read(StringValues.Empty).ShouldBeNull();

    [Theory]
    [InlineData(1)]
    [InlineData(255)]
    public void A_key_has_up_to_255_characters(int length) => IdempotencyKey.Read(new string('k', length)).ShouldBe(new string('k', length));

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("schlüssel")]
    public void What_is_no_key_is_refused_and_the_header_named(string key) =>
        Should.Throw<InvalidRequestException>(() => IdempotencyKey.Read(key)).Errors!.Keys.ShouldBe(["Idempotency-Key"]);

    [Fact]
    public void A_key_that_is_too_long_is_refused() => Should.Throw<InvalidRequestException>(() => IdempotencyKey.Read(new string('k', 256)));

    [Fact]
    public void Two_keys_are_refused() => Should.Throw<InvalidRequestException>(() => IdempotencyKey.Read(new StringValues(["a", "b"])));
}
