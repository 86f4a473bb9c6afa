namespace Orders.Shopper;

/// <summary>How an order is meant to end.</summary>
public enum IntendedEnd
{
    /// <summary>It is paid and shipped.</summary>
    Completed,

    /// <summary>The payment is declined.</summary>
    Declined,

    /// <summary>Something in it is out of stock.</summary>
    Rejected,

    /// <summary>The customer has second thoughts; whether they are in time, the order's stream decides.</summary>
    Cancelled,
}

/// <summary>An order about to be placed.</summary>
/// <param name="End">How it is meant to end.</param>
/// <param name="IdempotencyKey">Sent with every try, so that all tries are one order.</param>
/// <param name="Body">The body of POST /orders.</param>
/// <param name="CancelAfter">When the customer has second thoughts; null when they have none.</param>
/// <param name="CancelReason">Why.</param>
public sealed record ShopperOrder(IntendedEnd End, string IdempotencyKey, OrderBody Body, TimeSpan? CancelAfter = null, string? CancelReason = null);

/// <summary>The body of POST /orders, as any client of that API writes it.</summary>
public sealed record OrderBody(
    string CustomerId, string Email, string Currency, string PaymentToken, AddressBody ShipTo, IReadOnlyList<LineBody> Lines);

/// <summary>Where it goes.</summary>
public sealed record AddressBody(string Name, string Line1, string City, string PostalCode, string Country, string? Region = null);

/// <summary>What is ordered.</summary>
public sealed record LineBody(string Sku, string Name, int Quantity, decimal UnitPrice);
