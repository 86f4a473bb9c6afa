using System.ComponentModel;
using System.Text.Json.Serialization;
using OrderPipeline.Contracts;
using OrderPipeline.CustomerCare.Events;

namespace OrderPipeline.CustomerCare.Orders;

/// <summary>Everything about an order that its events tell.</summary>
public sealed record OrderView
{
    public required string OrderId { get; init; }

    public required OrderStatus Status { get; init; }

    [Description("Version of the last event that is in here.")]
    public required long Version { get; init; }

    [Description("What an agent should know, in one sentence; absent when all is well.")]
    public string? Problem { get; init; }

    [Description("The order as the customer placed it.")]
    public required OrderPlaced Placed { get; init; }

    public TaxCalculated? Tax { get; init; }

    public PaymentCaptured? Payment { get; init; }

    public OrderShipped? Shipment { get; init; }

    [Description("Why it was declined, rejected or cancelled.")]
    public string? EndReason { get; init; }

    [Description("The refund an agent asked for.")]
    public RefundRequested? RefundRequest { get; init; }

    public PaymentRefunded? Refund { get; init; }

    [Description("What the customer was told, in that order.")]
    public required IReadOnlyList<NoticeKind> Notices { get; init; }

    [Description("The notice an agent asked for again; absent once it is sent.")]
    public NotificationRequested? NoticeRequest { get; init; }

    [Description("Whether the customer was erased: what was personal reads 'erased'.")]
    public required bool Erased { get; init; }

    [Description("When the order was placed, UTC.")]
    public required DateTimeOffset PlacedAt { get; init; }

    [Description("When the last event in here happened, UTC.")]
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>What decisions are made on.</summary>
    [JsonIgnore]
    internal OrderState State { get; private init; } = OrderState.Initial;

    /// <summary>Folds a stream; null when it does not begin with an order.</summary>
    public static OrderView? Fold(IReadOnlyList<StoredEvent> stream, DateTimeOffset now)
    {
        var events = stream.Select(e => e.Understood).OfType<RecordedEvent>().ToList();
        var state = OrderState.Fold(events);
        if (state is not { Placed: { } placed, Status: { } status })
            return null;
        return new OrderView
        {
            State = state,
            OrderId = events[0].StreamId,
            Status = status,
            Version = stream[^1].Version,
            Problem = OrderProblem.Describe(stream, state, now),
            Placed = placed,
            Tax = state.Tax,
            Payment = state.Payment,
            Shipment = state.Shipment,
            EndReason = state.EndReason,
            RefundRequest = state.RefundRequest,
            Refund = state.Refund,
            Notices = state.Notices,
            NoticeRequest = state.NoticeRequest,
            Erased = state.IsErased,
            PlacedAt = events[0].Meta.At,
            UpdatedAt = events[^1].Meta.At,
        };
    }
}
