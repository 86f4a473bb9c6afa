using Orders.Api.PlacingAnOrder;
using Orders.Contracts;

namespace Orders.Api.Tests.PlacingAnOrder;

public sealed class PlacementTests
{
    private static readonly PlaceOrderRequest Request = Examples.Order;

    [Fact]
    public void A_request_becomes_the_first_event_with_the_sum_of_its_lines()
    {
        var request = Request with { Lines = [Request.Lines[0], new Line { Sku = "MS-02", Name = "Mouse", Quantity = 3, UnitPrice = 10.05m }] };

        var placed = Placement.Decide(request);

        placed.Subtotal.ShouldBe(129.95m);
        placed.Lines.ShouldBe([new OrderLine("KB-01", "Keyboard", 2, 49.90m), new OrderLine("MS-02", "Mouse", 3, 10.05m)]);
        placed.ShipTo.ShouldBe(new Address("Ada Lovelace", "1 Main St", "Seattle", "98101", "US", Region: "WA"));
    }

    [Fact]
    public void The_same_content_is_the_same_order_however_its_numbers_are_written() =>
        Placement.IsSame(Placement.Decide(Request), Placement.Decide(Request with { Lines = [Request.Lines[0] with { UnitPrice = 49.9m }] })).ShouldBeTrue();

    [Fact]
    public void Other_content_is_another_order()
    {
        var there = Placement.Decide(Request);

        Placement.IsSame(there, Placement.Decide(Request with { Email = "eve@example.org" })).ShouldBeFalse();
        Placement.IsSame(there, Placement.Decide(Request with { ShipTo = Request.ShipTo with { Line2 = "2nd floor" } })).ShouldBeFalse();
        Placement.IsSame(there, Placement.Decide(Request with { Lines = [Request.Lines[0] with { Quantity = 3 }] })).ShouldBeFalse();
        Placement.IsSame(there, Placement.Decide(Request with { Lines = [Request.Lines[0], Request.Lines[0]] })).ShouldBeFalse();
    }
}
