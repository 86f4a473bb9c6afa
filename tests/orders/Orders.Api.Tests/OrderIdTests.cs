namespace Orders.Api.Tests;

public sealed class OrderIdTests
{
    [Fact]
    public void The_same_key_gives_the_same_id_for_ever() =>
        OrderId.FromIdempotencyKey("checkout-7").ShouldBe("d83a938a-e49f-5f56-8764-cd2808b89ee5");

    [Fact]
    public void Another_key_gives_another_id() => OrderId.FromIdempotencyKey("a").ShouldNotBe(OrderId.FromIdempotencyKey("A"));

    [Fact]
    public void Without_a_key_every_order_gets_its_own_id() => OrderId.New(DateTimeOffset.UnixEpoch).ShouldNotBe(OrderId.New(DateTimeOffset.UnixEpoch));

    [Fact]
    public void An_id_has_one_spelling() => OrderId.Parse("0199AA31-6F0C-7C35-9D2E-4A1F0C5B7E21").ShouldBe("0199aa31-6f0c-7c35-9d2e-4a1f0c5b7e21");

    [Theory]
    [InlineData("")]
    [InlineData("17")]
    [InlineData("0199aa316f0c7c359d2e4a1f0c5b7e21")]
    [InlineData("{0199aa31-6f0c-7c35-9d2e-4a1f0c5b7e21}")]
    public void What_is_no_id_belongs_to_no_order(string text) => OrderId.Parse(text).ShouldBeNull();
}
