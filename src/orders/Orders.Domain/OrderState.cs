using System.Text.Json.Serialization;
using ChangeFeed.EventStore;
using ChangeFeed.EventStore.Snapshots;
using Orders.Contracts;

namespace Orders.Domain;

/// <summary>Where an order stands.</summary>
public enum OrderStatus
{
    /// <summary>Accepted, nothing else happened yet.</summary>
    Placed,

    /// <summary>Tax is known.</summary>
    Taxed,

    /// <summary>The money is captured.</summary>
    Paid,

    /// <summary>On its way.</summary>
    Shipped,

    /// <summary>Shipped, and the customer knows, or is not there any more to be told.</summary>
    Completed,

    /// <summary>Ended: the payment was declined.</summary>
    PaymentDeclined,

    /// <summary>Ended: it could not be fulfilled.</summary>
    Rejected,

    /// <summary>Ended: it was withdrawn.</summary>
    Cancelled,
}

/// <summary>What a status means.</summary>
public static class OrderStatuses
{
    /// <summary>The statuses in which an order is still going on; in the others it has ended.</summary>
    public static IReadOnlyList<OrderStatus> Open { get; } = [.. Enum.GetValues<OrderStatus>().Where(IsOpen)];

    /// <summary>Whether the order is still going on.</summary>
    public static bool IsOpen(this OrderStatus status) => status is OrderStatus.Placed or OrderStatus.Taxed or OrderStatus.Paid or OrderStatus.Shipped;
}

/// <summary>An order as its events tell it: what decisions are made on.</summary>
public sealed record OrderState
{
    /// <summary>The state before the first event.</summary>
    public static OrderState Initial { get; } = new();

    /// <summary>
    /// What snapshots of it are. Raise the schema with every change of <see cref="Apply"/> or of the properties: older snapshots are then made anew.
    /// </summary>
    public static SnapshotForm<OrderState> Snapshots { get; } = new(
        "order", Schema: 1, Initial, (order, e) => order.Apply(e.Data), OrderStateJson.Default.OrderState);

    /// <summary>Null before the order was placed.</summary>
    public OrderStatus? Status { get; init; }

    /// <summary>The order as placed.</summary>
    public OrderPlaced? Placed { get; init; }

    /// <summary>The tax, once calculated.</summary>
    public TaxCalculated? Tax { get; init; }

    /// <summary>The capture, where there was one.</summary>
    public PaymentCaptured? Payment { get; init; }

    /// <summary>The refund an agent asked for, where one did.</summary>
    public RefundRequested? RefundRequest { get; init; }

    /// <summary>The refund, where there was one.</summary>
    public PaymentRefunded? Refund { get; init; }

    /// <summary>The shipment, where there is one.</summary>
    public OrderShipped? Shipment { get; init; }

    /// <summary>Says that it was not shipped in time, where it was not; stays when it is shipped after all.</summary>
    public ShipmentOverdue? Overdue { get; init; }

    /// <summary>Why it was rejected, declined or cancelled.</summary>
    public string? EndReason { get; init; }

    /// <summary>Whether the customer was erased.</summary>
    public bool IsErased { get; init; }

    /// <summary>The notices already sent or dropped, in that order.</summary>
    public IReadOnlyList<NoticeKind> Notices { get; init; } = [];

    /// <summary>The notice an agent asked for again, until it is sent.</summary>
    public NotificationRequested? NoticeRequest { get; init; }

    /// <summary>Folds a stream.</summary>
    public static OrderState Fold(IEnumerable<RecordedEvent> events) => events.Aggregate(Initial, (state, e) => state.Apply(e.Data));

    /// <summary>The state after one more event. Events of other kinds change nothing.</summary>
    public OrderState Apply(object @event)
    {
        var next = this with { Status = NextStatus(Status, @event) };
        return @event switch
        {
            OrderPlaced e => next with { Placed = e },
            TaxCalculated e => next with { Tax = e },
            PaymentCaptured e => next with { Payment = e },
            PaymentDeclined e => next with { EndReason = e.Reason },
            OrderShipped e => next with { Shipment = e },
            ShipmentOverdue e => next with { Overdue = e },
            FulfillmentRejected e => next with { EndReason = e.Reason },
            OrderCancelled e => next with { EndReason = e.Reason },
            RefundRequested e => next with { RefundRequest = e },
            PaymentRefunded e => next with { Refund = e },
            NotificationRequested e => next with { NoticeRequest = e },
            CustomerNotified e => next with { Notices = [.. Notices, e.Notice], NoticeRequest = NoticeRequest?.Notice == e.Notice ? null : NoticeRequest },
            NoticeDropped e => next with { Notices = [.. Notices, e.Notice], NoticeRequest = NoticeRequest?.Notice == e.Notice ? null : NoticeRequest },
            PersonalDataErased => next with { IsErased = true },
            _ => next,
        };
    }

    /// <summary>
    /// How an event moves the status. A cancelled or rejected order stays so whatever follows: a capture that raced with the
    /// cancellation is a fact, and is refunded, but does not bring the order back.
    /// </summary>
    public static OrderStatus? NextStatus(OrderStatus? current, object @event) => (current, @event) switch
    {
        (null, OrderPlaced) => OrderStatus.Placed,
        (OrderStatus.Placed, TaxCalculated) => OrderStatus.Taxed,
        (OrderStatus.Taxed, PaymentCaptured) => OrderStatus.Paid,
        (OrderStatus.Taxed, PaymentDeclined) => OrderStatus.PaymentDeclined,
        (OrderStatus.Paid, OrderShipped) => OrderStatus.Shipped,
        (OrderStatus.Paid, FulfillmentRejected) => OrderStatus.Rejected,
        (OrderStatus.Shipped, CustomerNotified { Notice: NoticeKind.Shipped }) => OrderStatus.Completed,
        (OrderStatus.Shipped, NoticeDropped { Notice: NoticeKind.Shipped }) => OrderStatus.Completed,
        (OrderStatus.Placed or OrderStatus.Taxed or OrderStatus.Paid, OrderCancelled) => OrderStatus.Cancelled,
        _ => current,
    };
}

/// <summary>Source-generated JSON metadata of the state, for snapshots. What is sealed in the events stays sealed.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(OrderState))]
internal sealed partial class OrderStateJson : JsonSerializerContext;
