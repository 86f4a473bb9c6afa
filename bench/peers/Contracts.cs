namespace Bench.Peers;

// The same events, with the same fields, as those of the order system.
public sealed record Address(
    string Name, string Line1, string City, string PostalCode, string Country, string? Line2 = null, string? Region = null);

public sealed record OrderLine(string Sku, string Name, int Quantity, decimal UnitPrice);

public sealed record OrderPlaced(
    string CustomerId, string Email, string Currency, string PaymentToken, Address ShipTo, IReadOnlyList<OrderLine> Lines, decimal Subtotal);

public sealed record TaxCalculated(
    string Jurisdiction, decimal Rate, DateOnly RateValidFrom, string Currency, decimal Subtotal, decimal Tax, decimal Total);

public sealed record PaymentCaptured(string PaymentId, string Currency, decimal Amount);

public sealed record OrderShipped(string Carrier, string TrackingNumber);

public sealed record CustomerNotified(string Notice, string Channel, string Recipient, string Subject, string MessageId);

// What an event asks of the next stage.
public sealed record CalculateTax(Guid OrderId);

public sealed record RecordTax(Guid OrderId, Guid EventId, TaxCalculated Tax, DateTimeOffset At);

public sealed record CapturePayment(Guid OrderId);

public sealed record ShipOrder(Guid OrderId);

public sealed record NotifyCustomer(Guid OrderId);

public sealed record PlaceOrder(
    string CustomerId, string Email, string Currency, string PaymentToken, Address ShipTo, IReadOnlyList<OrderLine> Lines);

public sealed record Placed(Guid OrderId, string Status, int Version);

/// <summary>What the deciders read: the stream folded, live.</summary>
public sealed partial class Order
{
    public Guid Id { get; set; }

    public long Version { get; set; }

    public string Status { get; set; } = "";

    public OrderPlaced? Placed { get; set; }

    public TaxCalculated? Tax { get; set; }

    public PaymentCaptured? Payment { get; set; }

    public OrderShipped? Shipment { get; set; }

    public void Apply(OrderPlaced e) => (Placed, Status) = (e, "Placed");

    public void Apply(TaxCalculated e) => (Tax, Status) = (e, "Taxed");

    public void Apply(PaymentCaptured e) => (Payment, Status) = (e, "Paid");

    public void Apply(OrderShipped e) => (Shipment, Status) = (e, "Shipped");

    public void Apply(CustomerNotified e) => Status = e.Notice.Length > 0 ? "Completed" : Status;
}

/// <summary>An immutable record for each tax.</summary>
public sealed class TaxAuditRecord
{
    public Guid Id { get; set; }

    public Guid OrderId { get; set; }

    public TaxCalculated? Tax { get; set; }

    public DateTimeOffset At { get; set; }
}
