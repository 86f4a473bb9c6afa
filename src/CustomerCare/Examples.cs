using System.Text.Json;
using OrderPipeline.Contracts;
using OrderPipeline.CustomerCare.Causation;
using OrderPipeline.CustomerCare.Events;
using OrderPipeline.CustomerCare.Orders;
using OrderPipeline.EventStore;

namespace OrderPipeline.CustomerCare;

/// <summary>The examples in the OpenAPI document: an order that was placed and taxed, and whose payment was declined.</summary>
internal static class Examples
{
    public const string OrderId = "0199aa31-6f0c-7c35-9d2e-4a1f0c5b7e21";

    private const string Trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    private static readonly DateTimeOffset At = new(2026, 3, 14, 15, 9, 26, TimeSpan.Zero);
    private static readonly Guid PlacedId = new("0199aa31-6f10-7a4e-8c11-5d3e2f6a9b70");

    public static IReadOnlyList<RecordedEvent> Stream { get; } = Build();

    public static IReadOnlyList<StoredEvent> Events { get; } = [.. Stream.Select(e =>
    {
        using var json = JsonDocument.Parse(EventDocument.Write(e, OrderEvents.Map));
        return StoredEvent.From(json.RootElement);
    })];

    public static OrderView Order { get; } = OrderView.Fold(Events, At.AddMinutes(3))!;

    public static IReadOnlyList<CausedEvent> Causation { get; } = CausationTree.Build(Stream);

    private static IReadOnlyList<RecordedEvent> Build()
    {
        var placed = new OrderPlaced(
            "c-1001", "ada@example.org", "USD", "tok_declined",
            new Address("Ada Lovelace", "1 Main St", "Seattle", "98101", "US", Region: "WA"),
            [new OrderLine("KB-01", "Keyboard", 2, 49.90m)], 99.80m);
        var tax = new TaxCalculated("US-WA", 0.1025m, new DateOnly(2026, 1, 1), "USD", 99.80m, 10.23m, 110.03m);
        var declined = new PaymentDeclined(DeclineCode.InsufficientFunds, "insufficient funds", "USD", 110.03m);

        var first = new RecordedEvent(OrderId, 0, nameof(OrderPlaced), 1, placed, new EventMeta(PlacedId, At, "orders-api", OrderId, null, Trace));
        var second = Next(first, tax, "tax", 18);
        return [first, second, Next(second, declined, "payment", 31)];
    }

    private static RecordedEvent Next(RecordedEvent cause, object data, string by, int milliseconds) => new(
        OrderId, cause.Version + 1, data.GetType().Name, 1, data,
        new EventMeta(DeterministicGuid.Create(cause.Meta.EventId, $"{by}/0"), cause.Meta.At.AddMilliseconds(milliseconds), by, OrderId, cause.Meta.EventId, Trace));
}
