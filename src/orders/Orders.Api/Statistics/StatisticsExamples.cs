using Orders.ReadModels.Statistics;

namespace Orders.Api.Statistics;

/// <summary>The examples in the OpenAPI document.</summary>
internal static class StatisticsExamples
{
    private static readonly DateTimeOffset At = new(2026, 3, 14, 15, 9, 0, TimeSpan.Zero);

    private static readonly StatisticsSummary Summary = new()
    {
        Orders = 42,
        Shipped = 38,
        Failed = 3,
        Cancelled = 1,
        Revenue = new Dictionary<string, decimal> { ["EUR"] = 1024.50m, ["USD"] = 3792.40m },
        MedianSecondsToShip = 0.081,
    };

    public static StatisticsResponse Statistics { get; } = new(
        At, At.AddMinutes(1), Summary, new Dictionary<string, StatisticsSummary> { ["US"] = Summary }, [new StatisticsWindow(At, Summary)]);

    public static TopProductsResponse Top { get; } = new(At.AddMinutes(-9), At.AddMinutes(51), [new TopProduct("KB-01", 84, Summary)], IsComplete: true);
}
