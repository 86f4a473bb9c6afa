using ChangeFeed.EventStore;
using Orders.Contracts;

namespace Orders.ReadModels.Statistics;

/// <summary>What one event adds to the counters of one document.</summary>
/// <param name="Id">The document.</param>
/// <param name="Sku">The product it counts; null where it counts countries.</param>
/// <param name="Increments">What is added.</param>
public sealed record Counted(string Id, string? Sku, IReadOnlyList<(string Counter, long By)> Increments);

/// <summary>
/// What an event counts for, by its own time: a late event changes the window it belongs to. Revenue is what was captured for goods,
/// without tax, less what was refunded; each currency on its own.
/// </summary>
public static class StatisticsCounting
{
    /// <summary>The increments of an event; none when it does not count.</summary>
    /// <param name="first">The first event of its stream.</param>
    /// <param name="e">The event.</param>
    public static IReadOnlyList<Counted> Of(RecordedEvent first, RecordedEvent e)
    {
        if (first.Data is not OrderPlaced placed)
            return [];
        var money = e.Data switch { PaymentCaptured => 1, PaymentRefunded => -1, _ => 0 };
        var what = e.Data switch
        {
            OrderPlaced => "orders",
            OrderShipped => "shipped",
            PaymentDeclined or FulfillmentRejected => "failed",
            OrderCancelled => "cancelled",
            _ => null,
        };
        if (what is null && money == 0)
            return [];

        var shipTime = what == "shipped" ? $"shipTimes|{ShipTimes.ClassOf(e.Meta.At - first.Meta.At)}" : null;
        return [.. OfMinute(), .. placed.Lines.GroupBy(line => line.Sku).Select(OfProduct)];

        IEnumerable<Counted> OfMinute()
        {
            var (minute, country) = (e.Meta.At.UtcDateTime.Minute, placed.ShipTo.Country);
            if (what is not null)
                yield return new Counted(StatisticsDocument.MinuteId(minute), null, [($"{what}|{country}", 1)]);
            if (shipTime is not null)
                yield return new Counted(StatisticsDocument.ShipTimesId(minute), null, [($"{shipTime}|{country}", 1)]);
            if (money != 0)
                yield return new Counted(StatisticsDocument.RevenueId(minute), null, [($"revenue|{placed.Currency}|{country}", Units(placed.Subtotal))]);
        }

        Counted OfProduct(IGrouping<string, OrderLine> lines)
        {
            var increments = new List<(string, long)>();
            if (what is not null)
                increments.Add((what, 1));
            if (what == "orders")
                increments.Add(("quantity", lines.Sum(line => (long)line.Quantity)));
            if (shipTime is not null)
                increments.Add((shipTime, 1));
            if (money != 0)
                increments.Add(($"revenue|{placed.Currency}", Units(lines.Sum(line => line.Quantity * line.UnitPrice))));
            return new Counted(StatisticsDocument.ProductId(lines.Key), lines.Key, increments);
        }

        long Units(decimal goods) => (long)decimal.Round(goods * StatisticsDocument.MoneyUnits) * money;
    }
}
