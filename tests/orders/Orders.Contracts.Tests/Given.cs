using ChangeFeed.EventStore;
using Orders.Contracts;

namespace Orders.Contracts.Tests;

/// <summary>Streams to test with.</summary>
internal static class Given
{
    public static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static readonly OrderPlaced Placed = new(
        "c-1001", "ada@example.org", "USD", "tok_visa",
        new Address("Ada Lovelace", "1 Main St", "Seattle", "98101", "US", Region: "WA"),
        [new OrderLine("KB-01", "Keyboard", 2, 49.90m)], 99.80m);

    public static readonly TaxCalculated Taxed = new("US-WA", 0.1025m, new DateOnly(2026, 1, 1), "USD", 99.80m, 10.23m, 110.03m);
    public static readonly PaymentCaptured Captured = new("pay-1", "USD", 110.03m);
    public static readonly PaymentDeclined Declined = new(DeclineCode.InsufficientFunds, "insufficient funds", "USD", 110.03m);
    public static readonly OrderShipped Shipped = new("ACME", "TRACK-1");
    public static readonly FulfillmentRejected Rejected = new("out of stock", "OUT-OF-STOCK");
    public static readonly OrderCancelled Cancelled = new("changed my mind");
    public static readonly RefundRequested RefundAsked = new("arrived broken");
    public static readonly NotificationRequested NoticeAsked = new(NoticeKind.Shipped, "the mail did not arrive");
    public static readonly PaymentRefunded Refunded = new("ref-1", "pay-1", "USD", 110.03m, "order cancelled");

    public static CustomerNotified Notified(NoticeKind kind) => new(kind, "mail", "ada@example.org", "Your order", "m-1@order-pipeline");

    /// <summary>The events as a stream, a minute apart.</summary>
    public static IReadOnlyList<RecordedEvent> Stream(params object[] events) => events.Select((data, version) =>
    {
        var (type, schema) = OrderEvents.Map.Describe(data);
        return new RecordedEvent(
            "order-1", version, type, schema, data, new EventMeta(Guid.NewGuid(), Noon.AddMinutes(version), "test", "order-1"));
    }).ToList();
}
