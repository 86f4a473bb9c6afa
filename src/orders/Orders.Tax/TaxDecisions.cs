using ChangeFeed.EventStore;
using Orders.Contracts;
using Orders.Domain;

namespace Orders.Tax;

/// <summary>What the tax service decides.</summary>
public static class TaxDecisions
{
    /// <summary>Tax for an order just placed; nothing for one that went on or was cancelled meanwhile.</summary>
    public static IReadOnlyList<object> WhenOrderPlaced(RecordedEvent cause, OrderState order, TaxRates rates) =>
        order is { Status: OrderStatus.Placed, Placed: { } placed }
            ? [Calculate(placed, rates.Find(placed.ShipTo.Country, placed.ShipTo.Region, DateOnly.FromDateTime(cause.Meta.At.UtcDateTime)))]
            : [];

    /// <summary>
    /// Tax on the sum of the order, rounded once, to the decimals of its currency, a half away from zero: how invoices are rounded,
    /// and unlike rounding to even nothing has to be explained to a customer who checks it.
    /// </summary>
    public static TaxCalculated Calculate(OrderPlaced order, TaxRate rate)
    {
        if (!Iso4217.TryGetDecimals(order.Currency, out var decimals))
            throw new InvalidOperationException($"'{order.Currency}' is not a currency of ISO 4217 that can be paid with.");
        var tax = decimal.Round(order.Subtotal * rate.Rate, decimals, MidpointRounding.AwayFromZero);
        return new TaxCalculated(
            rate.Jurisdiction, rate.Rate, rate.ValidFrom, order.Currency, order.Subtotal, tax, order.Subtotal + tax);
    }
}
