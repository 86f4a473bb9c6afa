using Orders.Contracts;

namespace Orders.Api.PlacingAnOrder;

/// <summary>The decisions of placing an order.</summary>
internal static class Placement
{
    /// <summary>A valid request becomes the first event of the order.</summary>
    public static OrderPlaced Decide(PlaceOrderRequest request) => new(
        request.CustomerId,
        request.Email,
        request.Currency,
        request.PaymentToken,
        new Address(
            request.ShipTo.Name, request.ShipTo.Line1, request.ShipTo.City, request.ShipTo.PostalCode ?? "", request.ShipTo.Country,
            request.ShipTo.Line2, request.ShipTo.Region),
        [.. request.Lines.Select(line => new OrderLine(line.Sku, line.Name, line.Quantity, line.UnitPrice))],
        request.Subtotal);

    /// <summary>Whether a retried request asks for the order that is already there.</summary>
    public static bool IsSame(OrderPlaced there, OrderPlaced asked) =>
        there.Lines.SequenceEqual(asked.Lines) && there == asked with { Lines = there.Lines };
}
