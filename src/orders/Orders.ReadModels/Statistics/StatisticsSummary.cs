using System.ComponentModel;
using System.Globalization;
using Orders.Contracts;
using Orders.ReadModels.Statistics;

namespace Orders.ReadModels.Statistics;

/// <summary>What happened to orders in some window of time.</summary>
public sealed record StatisticsSummary
{
    [Description("Orders placed.")]
    public required long Orders { get; init; }

    [Description("Orders handed to the carrier.")]
    public required long Shipped { get; init; }

    [Description("Payments declined and orders that could not be fulfilled.")]
    public required long Failed { get; init; }

    [Description("Orders withdrawn.")]
    public required long Cancelled { get; init; }

    [Description("Goods captured, without tax, less what was refunded; by currency, since currencies do not add up.")]
    public required IReadOnlyDictionary<string, decimal> Revenue { get; init; }

    [Description("Half of the orders shipped in this time took longer from placed to shipped. Within 5 %; absent when none shipped.")]
    public double? MedianSecondsToShip { get; init; }

    /// <summary>Adds counters up.</summary>
    public static StatisticsSummary Of(IEnumerable<StatisticsCounter> counters)
    {
        var sums = counters.GroupBy(c => c.What).ToDictionary(g => g.Key, g => g.Sum(c => c.Value));
        return new StatisticsSummary
        {
            Orders = sums.GetValueOrDefault("orders"),
            Shipped = sums.GetValueOrDefault("shipped"),
            Failed = sums.GetValueOrDefault("failed"),
            Cancelled = sums.GetValueOrDefault("cancelled"),
            Revenue = Part("revenue").OrderBy(p => p.Unit, StringComparer.Ordinal).ToDictionary(p => p.Unit, p => p.Sum / StatisticsDocument.MoneyUnits),
            MedianSecondsToShip = ShipTimes.Median(Part("shipTimes").Select(p => (int.Parse(p.Unit, CultureInfo.InvariantCulture), p.Sum))) is { } median
                ? Math.Round(median.TotalSeconds, 3)
                : null,
        };

        IEnumerable<(string Unit, long Sum)> Part(string what) =>
            sums.Where(s => s.Key.StartsWith($"{what}|", StringComparison.Ordinal)).Select(s => (s.Key[(what.Length + 1)..], s.Value));
    }
}
