using ChangeFeed.EventStore;
using Orders.Contracts;
using Orders.Domain;

namespace Orders.ReadModels;

/// <summary>One document of the views <c>order-status</c> and <c>customer-orders</c>: written by the views, read by the orders API.</summary>
public sealed record OrderStatusDocument
{
    /// <summary>The order id.</summary>
    public required string Id { get; init; }

    /// <summary>Version of the last event that is in here.</summary>
    public required long Version { get; init; }

    /// <summary>The customer who placed it.</summary>
    public required string CustomerId { get; init; }

    /// <summary>Where the order stands.</summary>
    public required OrderStatus Status { get; init; }

    /// <summary>ISO 4217 code of every amount in here.</summary>
    public required string Currency { get; init; }

    /// <summary>Sum of the lines.</summary>
    public required decimal Subtotal { get; init; }

    /// <summary>Null until calculated.</summary>
    public decimal? Tax { get; init; }

    /// <summary>Null until the tax is known.</summary>
    public decimal? Total { get; init; }

    /// <summary>What was ordered.</summary>
    public required IReadOnlyList<OrderLine> Lines { get; init; }

    /// <summary>Null until shipped.</summary>
    public OrderShipped? Shipment { get; init; }

    /// <summary>Why it was declined, rejected or cancelled.</summary>
    public string? Reason { get; init; }

    /// <summary>Amount that went back to the customer.</summary>
    public decimal? Refunded { get; init; }

    /// <summary>Since when it is overdue, UTC: paid, and not shipped in time; null for others.</summary>
    public DateTimeOffset? OverdueSince { get; init; }

    /// <summary>When the customer was erased, UTC: the marker that the document is about to go.</summary>
    public DateTimeOffset? ErasedAt { get; init; }

    /// <summary>Seconds after its last change until the store deletes the document; null for those that stay.</summary>
    public int? Ttl { get; init; }

    /// <summary>When the order was placed, UTC.</summary>
    public required DateTimeOffset PlacedAt { get; init; }

    /// <summary>When the last event in here happened, UTC.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>
    /// What its customer and its products are called, as far as they were made known; null where nothing is. Not from events: it follows
    /// the reference data as long as the order is open.
    /// </summary>
    public IReadOnlyList<ReferenceName>? Names { get; init; }

    /// <summary>What a customer or a product is called; null where it was not made known.</summary>
    public string? NameOf(Reference reference) => Names?.FirstOrDefault(n => n.Reference == reference)?.Name;

    /// <summary>
    /// The document after one more event; null when the stream does not begin with an order. An event that is not the next one
    /// changes nothing: what was applied already is skipped, and a gap is for the caller to fill.
    /// </summary>
    public static OrderStatusDocument? Apply(OrderStatusDocument? current, RecordedEvent e)
    {
        if (e.Version != (current?.Version ?? -1) + 1)
            return current;
        if (current is null)
        {
            return e.Data is not OrderPlaced placed ? null : new OrderStatusDocument
            {
                Id = e.StreamId,
                Version = e.Version,
                CustomerId = placed.CustomerId,
                Status = OrderStatus.Placed,
                Currency = placed.Currency,
                Subtotal = placed.Subtotal,
                Lines = placed.Lines,
                PlacedAt = e.Meta.At,
                UpdatedAt = e.Meta.At,
            };
        }

        var status = OrderState.NextStatus(current.Status, e.Data) ?? current.Status;
        var next = current with
        {
            Version = e.Version,
            Status = status,
            OverdueSince = status != OrderStatus.Paid ? null : e.Data is ShipmentOverdue ? e.Meta.At : current.OverdueSince,
            UpdatedAt = e.Meta.At,
        };
        return e.Data switch
        {
            TaxCalculated x => next with { Tax = x.Tax, Total = x.Total },
            OrderShipped x => next with { Shipment = x },
            PaymentDeclined x => next with { Reason = x.Reason },
            FulfillmentRejected x => next with { Reason = x.Reason },
            OrderCancelled x => next with { Reason = x.Reason },
            PaymentRefunded x => next with { Refunded = x.Amount },
            PersonalDataErased x =>
                next with { ErasedAt = e.Meta.At, Ttl = x.MarkerSeconds, Names = next.Names?.Where(n => n.Reference.Kind != ReferenceKind.Customer).ToList() },
            _ => next,
        };
    }

    /// <summary>Folds a stream; null when it is empty or not an order's.</summary>
    public static OrderStatusDocument? Fold(IEnumerable<RecordedEvent> events) => events.Aggregate(default(OrderStatusDocument), Apply);
}
