using System.ComponentModel;
using Orders.Contracts;
using Orders.Domain;
using Orders.ReadModels;

namespace Orders.Api.ReadingAnOrder;

/// <summary>What a client sees of an order.</summary>
internal sealed record OrderStatusResponse
{
    public required string OrderId { get; init; }

    public required string CustomerId { get; init; }

    [Description("As the customer is called now, or was when the order ended. Absent where the customer was not made known.")]
    public string? CustomerName { get; init; }

    [Description("Where the order stands. PaymentDeclined, Rejected, Cancelled and Completed are final.")]
    public required OrderStatus Status { get; init; }

    [Description("Version of the last event that is in here, from 0.")]
    public required long Version { get; init; }

    [Description("ISO 4217 code of every amount.")]
    public required string Currency { get; init; }

    [Description("Sum of the lines, without tax.")]
    public required decimal Subtotal { get; init; }

    [Description("Absent until it is calculated.")]
    public decimal? Tax { get; init; }

    [Description("Subtotal and tax. Absent until the tax is calculated.")]
    public decimal? Total { get; init; }

    public required IReadOnlyList<OrderLineResponse> Lines { get; init; }

    [Description("Absent until the order is shipped.")]
    public ShipmentResponse? Shipment { get; init; }

    [Description("Why the order was declined, rejected or cancelled.")]
    public string? Reason { get; init; }

    [Description("The amount that went back to the customer.")]
    public decimal? Refunded { get; init; }

    [Description("When the customer was erased, UTC; the order itself is kept.")]
    public DateTimeOffset? ErasedAt { get; init; }

    [Description("When the order was placed, UTC.")]
    public required DateTimeOffset PlacedAt { get; init; }

    [Description("When the last event in here happened, UTC.")]
    public required DateTimeOffset UpdatedAt { get; init; }

    public static OrderStatusResponse From(OrderStatusDocument order) => new()
    {
        OrderId = order.Id,
        CustomerId = order.CustomerId,
        CustomerName = order.NameOf(new(ReferenceKind.Customer, order.CustomerId)),
        Status = order.Status,
        Version = order.Version,
        Currency = order.Currency,
        Subtotal = order.Subtotal,
        Tax = order.Tax,
        Total = order.Total,
        Lines = [.. order.Lines.Select(line => new OrderLineResponse(
            line.Sku, line.Name, line.Quantity, line.UnitPrice, order.NameOf(new(ReferenceKind.Product, line.Sku))))],
        Shipment = order.Shipment is { } shipped ? new ShipmentResponse(shipped.Carrier, shipped.TrackingNumber) : null,
        Reason = order.Reason,
        Refunded = order.Refunded,
        ErasedAt = order.ErasedAt,
        PlacedAt = order.PlacedAt,
        UpdatedAt = order.UpdatedAt,
    };
}

/// <summary>One line of an order.</summary>
/// <param name="Name">The name it was sold by.</param>
internal sealed record OrderLineResponse(
    string Sku,
    [property: Description("The name it was sold by.")] string Name,
    int Quantity,
    decimal UnitPrice,
    [property: Description("As the product is called now, or was when the order ended. Absent where it was not made known.")] string? ProductName);

/// <summary>Where the goods are.</summary>
internal sealed record ShipmentResponse(string Carrier, string TrackingNumber);
