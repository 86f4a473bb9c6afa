using System.Text.Json;
using ChangeFeed.EventStore;
using Orders.Contracts;
using Orders.CustomerCare.Causation;
using Orders.CustomerCare.Events;
using Orders.CustomerCare.OrderDetails;

namespace Orders.CustomerCare;

/// <summary>The examples in the OpenAPI document: an order that was placed and taxed, and whose payment was declined.</summary>
internal static class Examples
{
    public const string OrderId = "0199aa31-6f0c-7c35-9d2e-4a1f0c5b7e21";

    private const string Trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    private static readonly DateTimeOffset At = new(2026, 3, 14, 15, 9, 26, TimeSpan.Zero);
    private static readonly Guid PlacedId = new("0199aa31-6f10-7a4e-8c11-5d3e2f6a9b70");

    public static IReadOnlyList<RecordedEvent> Stream { get; } = Build();

    public static IReadOnlyList<StoredEvent> Events { get; } = Store(Stream);

    public static OrderView Order { get; } = OrderView.Fold(Events, At.AddMinutes(3))!;

    public static OrderView Cancelled { get; } = After(Placed(), new OrderCancelled("asked for by the customer"));

    public static OrderView RefundAskedFor { get; } = After(Shipped(), new RefundRequested("arrived broken"));

    public static OrderView NoticeAskedFor { get; } = After(Shipped(), new NotificationRequested(NoticeKind.Shipped, "the mail did not arrive"));

    public static IReadOnlyList<CausedEvent> Causation { get; } = CausationTree.Build(Stream);

    private static IReadOnlyList<StoredEvent> Store(IEnumerable<RecordedEvent> stream) => [.. stream.Select(e =>
    {
        using var json = JsonDocument.Parse(EventDocument.Write(e, OrderEvents.Map));
        return StoredEvent.From(json.RootElement);
    })];

    private static OrderView After(IReadOnlyList<RecordedEvent> stream, object asked) =>
        OrderView.Fold(Store([.. stream, Next(stream[^1], asked, "ada", 95_000, fromOutside: true)]), At.AddMinutes(2))!;

    private static IReadOnlyList<RecordedEvent> Build()
    {
        var second = Next(Placed("tok_declined")[0], Tax(), "tax", 18);
        return [.. Placed("tok_declined"), second,
            Next(second, new PaymentDeclined(DeclineCode.InsufficientFunds, "insufficient funds", "USD", 110.03m), "payment", 31)];
    }

    private static IReadOnlyList<RecordedEvent> Placed(string token = "tok_visa")
    {
        var placed = new OrderPlaced(
            "c-1001", "ada@example.org", "USD", token,
            new Address("Ada Lovelace", "1 Main St", "Seattle", "98101", "US", Region: "WA"),
            [new OrderLine("KB-01", "Keyboard", 2, 49.90m)], 99.80m);
        return [new RecordedEvent(OrderId, 0, nameof(OrderPlaced), 1, placed, new EventMeta(PlacedId, At, "orders-api", OrderId, null, Trace, "host-4711"))];
    }

    private static IReadOnlyList<RecordedEvent> Shipped()
    {
        var taxed = Next(Placed()[0], Tax(), "tax", 18);
        var paid = Next(taxed, new PaymentCaptured("pay_1", "USD", 110.03m), "payment", 31);
        var shipped = Next(paid, new OrderShipped("Simulated Parcel", "SP0199AA31"), "fulfillment", 27);
        var told = new CustomerNotified(
            NoticeKind.Shipped, "email", "ada@example.org", $"Your order {OrderId} is on its way", $"shipped-{shipped.Meta.EventId}@example.org");
        return [.. Placed(), taxed, paid, shipped, Next(shipped, told, "notification", 22)];
    }

    private static TaxCalculated Tax() => new("US-WA", 0.1025m, new DateOnly(2026, 1, 1), "USD", 99.80m, 10.23m, 110.03m);

    private static RecordedEvent Next(RecordedEvent before, object data, string by, int milliseconds, bool fromOutside = false) => new(
        OrderId, before.Version + 1, data.GetType().Name, OrderEvents.Map.Describe(data).Schema, data,
        new EventMeta(
            DeterministicGuid.Create(before.Meta.EventId, $"{by}/0"), before.Meta.At.AddMilliseconds(milliseconds), by, OrderId, fromOutside
            ? null : before.Meta.EventId, Trace, "host-4712"));
}
