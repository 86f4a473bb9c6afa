using Orders.ReadModels.Statistics;

namespace Orders.Api.Statistics;

/// <summary>Answers questions from the counters.</summary>
internal sealed class StatisticsService(StatisticsReader reader)
{
    /// <summary>Products of the top.</summary>
    public const int Top = 10;

    public async Task<StatisticsResponse> ReadAsync(StatisticsQuery query, CancellationToken cancellationToken)
    {
        var counters = query.Sku is { } sku
            ? await reader.ProductAsync(query.From, query.To, sku, cancellationToken)
            : (await reader.MinutesAsync(query.From, query.To, cancellationToken)).Where(c => query.Country is null || c.Which == query.Country).ToList();
        var byWindow = counters.ToLookup(c => StatisticsQuery.Down(c.From, query.Window));
        var windows = new List<StatisticsWindow>();
        for (var from = query.From; from < query.To; from += query.Window)
            windows.Add(new StatisticsWindow(from, StatisticsSummary.Of(byWindow[from])));
        var countries = query.Sku is null
            ? counters.GroupBy(c => c.Which).OrderBy(g => g.Key, StringComparer.Ordinal).ToDictionary(g => g.Key, g => StatisticsSummary.Of(g))
            : null;
        return new StatisticsResponse(query.From, query.To, StatisticsSummary.Of(counters), countries, windows);
    }

    public async Task<TopProductsResponse> TopAsync(StatisticsQuery query, CancellationToken cancellationToken)
    {
        var (counters, isComplete) = await reader.ProductsAsync(query.From, query.To, StatisticsReader.MaxProducts, cancellationToken);
        var products = counters.GroupBy(c => c.Which)
            .Select(g => new TopProduct(g.Key, g.Where(c => c.What == "quantity").Sum(c => c.Value), StatisticsSummary.Of(g)))
            .OrderByDescending(p => p.Quantity).ThenBy(p => p.Sku, StringComparer.Ordinal)
            .Take(Top);
        return new TopProductsResponse(query.From, query.To, [.. products], isComplete);
    }
}
