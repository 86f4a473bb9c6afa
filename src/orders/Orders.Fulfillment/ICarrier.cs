using Orders.Contracts;

namespace Orders.Fulfillment;

/// <summary>
/// Whoever takes the goods out of the warehouse to the customer. Every call carries an idempotency key: the same key again has no
/// second effect and gets the same answer. What fails for a moment is thrown; a refusal is an answer.
/// </summary>
public interface ICarrier
{
    /// <summary>Books a shipment, unless the key was voided before.</summary>
    Task<BookingResult> BookAsync(BookingRequest request, CancellationToken cancellationToken);

    /// <summary>
    /// Takes a booking back. Where there is none the key is closed, so that a booking still on its way does not become a shipment.
    /// </summary>
    Task VoidAsync(VoidRequest request, CancellationToken cancellationToken);
}

public sealed record BookingRequest(string Key, string OrderId, Address ShipTo, IReadOnlyList<OrderLine> Lines);

public sealed record VoidRequest(string Key, string OrderId);

/// <summary>What stands at the carrier under a key.</summary>
public abstract record BookingResult
{
    public sealed record Booked(string Carrier, string TrackingNumber) : BookingResult;

    public sealed record Refused(string Reason, string? Sku) : BookingResult;

    public sealed record Voided : BookingResult;
}
