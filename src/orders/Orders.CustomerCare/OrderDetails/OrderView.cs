using System.ComponentModel;
using System.Text.Json.Serialization;
using ChangeFeed.EventStore;
using ChangeFeed.MassTransit;
using ChangeFeed.Timers;
using Orders.Contracts;
using Orders.CustomerCare.Events;
using Orders.Domain;

namespace Orders.CustomerCare.OrderDetails;

/// <summary>A service an order is parked at.</summary>
public sealed record OrderParking(
    string Service,
    [property: Description("Since when.")] DateTimeOffset Since,
    [property: Description("The event it could not handle.")] long Version,
    [property: Description("How many events wait there.")] int Waiting,
    [property: Description("What it failed with.")] string? Error);

/// <summary>Something that is to happen to an order later, unless it goes on before.</summary>
public sealed record OrderTimer(
    [property: Description("Which timer.")] string Name,
    [property: Description("When it is due, UTC, by the clock of the store.")] DateTimeOffset Due,
    [property: Description("The event that is due then.")] string Event,
    [property: Description("Why it did not fire when it was due, and is tried again; absent where nothing is wrong.")] string? Error);

/// <summary>Everything about an order that its events tell.</summary>
public sealed record OrderView
{
    public required string OrderId { get; init; }

    public required OrderStatus Status { get; init; }

    [Description("Version of the last event that is in here.")]
    public required long Version { get; init; }

    [Description("What an agent should know, in one sentence; absent when all is well.")]
    public string? Problem { get; init; }

    [Description("Services that have put it aside until somebody replays or discards what waits there.")]
    public IReadOnlyList<OrderParking>? Parked { get; init; }

    [Description("What waits for its time, the next first; absent when nothing does.")]
    public IReadOnlyList<OrderTimer>? Timers { get; init; }

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

    [Description("True where its events are in the archive, and not in the event store any more.")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Archived { get; init; }

    [Description("When the order was placed, UTC.")]
    public required DateTimeOffset PlacedAt { get; init; }

    [Description("When the last event in here happened, UTC.")]
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>What decisions are made on.</summary>
    [JsonIgnore]
    internal OrderState State { get; private init; } = OrderState.Initial;

    /// <summary>Folds a stream; null when it does not begin with an order.</summary>
    /// <param name="stream">Its events.</param>
    /// <param name="now">The moment to look from.</param>
    /// <param name="parked">Where it is parked at that moment.</param>
    /// <param name="timers">What waits for its time.</param>
    public static OrderView? Fold(
        IReadOnlyList<StoredEvent> stream, DateTimeOffset now, IReadOnlyList<ParkedStream>? parked = null, IReadOnlyList<WaitingTimer>? timers = null)
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
            Problem = OrderProblem.Describe(stream, state, parked ?? [], timers ?? [], now),
            Parked = parked is { Count: > 0 } ? [.. parked.Select(p => new OrderParking(p.Endpoint, p.ParkedAt, p.Version, p.Waiting, p.Error))] : null,
            Timers = timers is { Count: > 0 } ? [.. timers.Select(t => new OrderTimer(t.Name, t.Due, t.Event, t.Error))] : null,
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
            Archived = stream.Any(e => e.Archived),
            PlacedAt = events[0].Meta.At,
            UpdatedAt = events[^1].Meta.At,
        };
    }
}
