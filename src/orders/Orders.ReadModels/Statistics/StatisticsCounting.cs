using ChangeFeed.EventStore;
using Orders.Contracts;

namespace Orders.ReadModels.Statistics;

/// <summary>What one event adds to the counters of one document.</summary>
public sealed record Counted(string Id, IReadOnlyList<(string Counter, long By)> Increments);

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

        var minute = new Counted(
            StatisticsDocument.MinuteId(e.Meta.At.UtcDateTime.Minute), [.. Of(placed.ShipTo.Country, placed.Subtotal)]);
        var products = placed.Lines.GroupBy(l => l.Sku)
            .SelectMany(lines => Of(lines.Key, lines.Sum(l => l.Quantity * l.UnitPrice))
                .Concat(what == "orders" ? [($"quantity|{lines.Key}", lines.Sum(l => (long)l.Quantity))] : [])
                .Select(increment => (Id: StatisticsDocument.ProductId(lines.Key), Increment: increment)))
            .GroupBy(x => x.Id, x => x.Increment)
            .Select(document => new Counted(document.Key, [.. document]));
        return [minute, .. products];

        IEnumerable<(string, long)> Of(string which, decimal goods)
        {
            if (what is not null)
                yield return ($"{what}|{which}", 1);
            if (what == "shipped")
                yield return ($"shipTimes|{ShipTimes.ClassOf(e.Meta.At - first.Meta.At)}|{which}", 1);
            if (money != 0)
                yield return ($"revenue|{placed.Currency}|{which}", (long)decimal.Round(goods * StatisticsDocument.MoneyUnits) * money);
        }
    }
}
