using System.ComponentModel;
using Orders.ReadModels.Statistics;

namespace Orders.Api.Statistics;

/// <summary>Statistics of a time, as a whole and window by window.</summary>
internal sealed record StatisticsResponse(
    [property: Description("When the first window begins.")] DateTimeOffset From,
    [property: Description("When the last window ends.")] DateTimeOffset To,
    StatisticsSummary Total,
    [property: Description("By country of delivery; absent where statistics of one product were asked for.")] IReadOnlyDictionary<string,
    StatisticsSummary>? Countries,
    [property: Description(
        "Every window of the time, in order. A late event is counted in the window of its own time.")] IReadOnlyList<StatisticsWindow> Windows);

/// <summary>One window.</summary>
internal sealed record StatisticsWindow(DateTimeOffset From, StatisticsSummary Total);

/// <summary>A product among the ones sold most.</summary>
internal sealed record TopProduct(string Sku, [property: Description("Pieces ordered.")] long Quantity, StatisticsSummary Total);

/// <summary>The products of which most pieces were ordered.</summary>
internal sealed record TopProductsResponse(
    DateTimeOffset From,
    DateTimeOffset To,
    IReadOnlyList<TopProduct> Products,
    [property: Description(
        "False when so many products were ordered in an hour that only its most ordered ones were looked at: the numbers may then be too low.")]
    bool IsComplete);
