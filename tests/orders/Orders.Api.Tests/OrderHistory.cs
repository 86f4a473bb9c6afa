using Orders.Contracts;

namespace Orders.Api.Tests;

/// <summary>What the other services append to the order of <see cref="Bodies.Order"/>.</summary>
internal static class OrderHistory
{
    public static TaxCalculated Taxed { get; } = new("US-WA", 0.1025m, new DateOnly(2026, 1, 1), "USD", 99.80m, 10.23m, 110.03m);

    public static PaymentCaptured Paid { get; } = new("pay-1", "USD", 110.03m);

    public static PaymentDeclined Declined { get; } = new(DeclineCode.InsufficientFunds, "insufficient funds", "USD", 110.03m);

    public static OrderShipped Shipped { get; } = new("Parcel", "SP1");

    public static FulfillmentRejected Rejected { get; } = new("out of stock", "OUT-OF-STOCK");

    public static OrderCancelled Cancelled { get; } = new("changed my mind");

    public static PaymentRefunded Refunded { get; } = new("ref-1", "pay-1", "USD", 110.03m, "cancelled");

    public static CustomerNotified Notified(NoticeKind kind) => new(kind, "email", "ada@example.org", "Your order", "<1@example.org>");
}
