using ChangeFeed.EventStore;
using Orders.Contracts;
using Orders.Domain;

namespace Orders.Testing;

/// <summary>An order's stream in memory, with the append and react of the event store: what a test is given, and what it then finds.</summary>
public sealed class OrderStream
{
    public static readonly DateTimeOffset Start = new(2026, 3, 14, 15, 9, 26, TimeSpan.Zero);

    public const string OrderId = "0190a1b2-0000-7000-8000-000000000001";

    public List<RecordedEvent> Events { get; } = [];

    public OrderState State => OrderState.Fold(Events);

    public static OrderStream Given(params object[] events)
    {
        var stream = new OrderStream();
        foreach (var e in events)
            stream.Append(e);
        return stream;
    }

    public RecordedEvent Last => Events[^1];

    public RecordedEvent The<T>() => Events.Single(e => e.Data is T);

    public int Count<T>() => Events.Count(e => e.Data is T);

    public RecordedEvent Append(object data, RecordedEvent? cause = null, string by = "test")
    {
        var version = Events.Count;
        var eventId = cause is null
            ? DeterministicGuid.Create(Guid.Empty, $"{OrderId}/{version}/{data}")
            : DeterministicGuid.Create(cause.Meta.EventId, by);
        var meta = new EventMeta(eventId, Start.AddSeconds(version), by, OrderId, cause?.Meta.EventId);
        Events.Add(new RecordedEvent(OrderId, version, data.GetType().Name, 1, data, meta));
        return Events[^1];
    }

    public static OrderPlaced Placed(
        string token = "tok_visa", string country = "US", string? region = "WA", string currency = "USD", decimal unitPrice = 49.90m,
        int quantity = 2, string sku = "KB-01", string name = "Ada Lovelace", string email = "ada@example.org") => new(
            "c-1001",
            email,
            currency,
            token,
            new Address(name, "1 Main St", "Seattle", "98101", country, Region: region),
            [new OrderLine(sku, "Keyboard", quantity, unitPrice)],
            quantity * unitPrice);

    public static TaxCalculated Taxed() => new("US-WA", 0.065m, new DateOnly(2020, 1, 1), "USD", 99.80m, 6.49m, 106.29m);

    public static PaymentCaptured Captured() => new("pay_1", "USD", 106.29m);

    public static OrderCancelled Cancelled() => new("changed my mind");

    public static OrderShipped Shipped() => new("Simulated Parcel", "SP1");

    public static FulfillmentRejected Rejected() => new("out of stock", "OUT-OF-STOCK");

    public static RefundRequested RefundAsked() => new("arrived broken");

    public static NotificationRequested NoticeAsked(NoticeKind notice) => new(notice, "the mail did not arrive");

    public static PaymentRefunded Refunded() => new("re_1", "pay_1", "USD", 106.29m, "out of stock");
}
