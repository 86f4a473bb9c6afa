using System.Text.Json;
using Orders.Shopper;

namespace Orders.CustomerCare.Pages.Tests.Shopping;

public sealed class ShopperTests
{
    [Theory]
    [InlineData("5/s", 5)]
    [InlineData(" 0.5/s ", 0.5)]
    [InlineData("30/min", 0.5)]
    [InlineData("100/s", 100)]
    public void A_rate_is_orders_per_second_or_minute(string text, double perSecond)
    {
        OrderRate.TryParse(text, out var rate).ShouldBeTrue();
        rate.PerSecond.ShouldBe(perSecond);
        rate.ToString().ShouldBe(text.Trim());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("0/s")]
    [InlineData("-1/s")]
    [InlineData("101/s")]
    [InlineData("5/h")]
    [InlineData("1e3/s")]
    [InlineData("0.00001/s")]
    [InlineData("five/s")]
    public void Anything_else_is_none(string? text) => OrderRate.TryParse(text, out _).ShouldBeFalse();

    [Fact]
    public void The_same_seed_makes_the_same_orders() => Write(new Random(7)).ShouldBe(Write(new Random(7)));

    [Fact]
    public void Most_orders_end_well_and_every_other_end_is_met_too()
    {
        var list = new ShoppingList(new Random(1));
        var ends = Enumerable.Range(0, 1000).Select(_ => list.Next()).CountBy(order => order.End).ToDictionary();

        ends[IntendedEnd.Completed].ShouldBeInRange(750, 900);
        foreach (var end in new[] { IntendedEnd.Declined, IntendedEnd.Rejected, IntendedEnd.Cancelled })
            ends[end].ShouldBeInRange(20, 100, $"{end}");
    }

    [Fact]
    public void A_customer_always_has_the_same_address_and_currency()
    {
        var list = new ShoppingList(new Random(2));
        foreach (var orders in Enumerable.Range(0, 500).Select(_ => list.Next().Body).GroupBy(body => body.CustomerId))
            orders.Select(body => (body.Email, body.Currency, body.ShipTo)).Distinct().Count().ShouldBe(1, orders.Key);
    }

    private static string Write(Random random)
    {
        var list = new ShoppingList(random);
        return JsonSerializer.Serialize(Enumerable.Range(0, 50).Select(_ => list.Next()));
    }
}
