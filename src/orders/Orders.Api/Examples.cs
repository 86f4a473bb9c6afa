using Orders.Api.CancellingAnOrder;
using Orders.Api.PlacingAnOrder;
using Orders.Api.ReadingAnOrder;
using Orders.Contracts;
using Orders.Domain;
using Orders.ReadModels;

namespace Orders.Api;

/// <summary>The examples in the OpenAPI document; sent as they are, they work.</summary>
internal static class Examples
{
    private static readonly DateTimeOffset At = new(2026, 3, 14, 15, 9, 26, TimeSpan.Zero);

    public static PlaceOrderRequest Order { get; } = new()
    {
        CustomerId = "c-1001",
        Email = "ada@example.org",
        Currency = "USD",
        PaymentToken = "tok_visa",
        ShipTo = new ShipTo { Name = "Ada Lovelace", Line1 = "1 Main St", City = "Seattle", Region = "WA", PostalCode = "98101", Country = "US" },
        Lines = [new Line { Sku = "KB-01", Name = "Keyboard", Quantity = 2, UnitPrice = 49.90m }],
    };

    public static PlacedOrder Placed { get; } = new(OrdersApi.ExampleId, OrderStatus.Placed, 0);

    public static OrderStatusResponse Status { get; } = new()
    {
        OrderId = OrdersApi.ExampleId,
        CustomerId = "c-1001",
        CustomerName = "Ada Lovelace",
        Status = OrderStatus.Completed,
        Version = 4,
        Currency = "USD",
        Subtotal = 99.80m,
        Tax = 10.23m,
        Total = 110.03m,
        Lines = [new OrderLineResponse("KB-01", "Keyboard", 2, 49.90m, "Keyboard, quiet")],
        Shipment = new ShipmentResponse("Simulated Parcel", "SP0199AA316F0C"),
        PlacedAt = At,
        UpdatedAt = At.AddMilliseconds(84),
    };

    public static CustomerDocument Customer { get; } = new("c-1001", 1, "Ada Lovelace", At, "ada@example.org");

    public static ProductDocument Product { get; } = new("KB-01", 1, "Keyboard", At);

    public static CancelOrderRequest Cancel { get; } = new() { Reason = "Ordered twice by mistake" };

    public static CancelledOrder Cancelled { get; } = new(OrdersApi.ExampleId, OrderStatus.Cancelled, 2);
}
