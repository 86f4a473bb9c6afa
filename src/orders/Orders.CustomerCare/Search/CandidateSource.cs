using Orders.Contracts;
using Orders.ReadModels;

namespace Orders.CustomerCare.Search;

/// <summary>A place where orders are found: a partition of a view, or all of one.</summary>
/// <param name="View">The view.</param>
/// <param name="Partition">The partition; null for all of them.</param>
/// <param name="Words">Words that must be among those of the reason.</param>
internal sealed record CandidateSource(string View, string? Partition, IReadOnlyList<string> Words)
{
    /// <summary>Every order.</summary>
    public static CandidateSource All { get; } = new(ViewNames.OrderStatus, null, []);

    /// <summary>The search index, where there is one.</summary>
    public static CandidateSource Index { get; } = new("", null, []);

    /// <summary>Whether what it gives are whole documents of orders, with their status.</summary>
    public bool HasOrders => View != ViewNames.Search && this != Index;

    /// <summary>The orders of a customer.</summary>
    public static CandidateSource OfCustomer(string id) => new(ViewNames.CustomerOrders, id, []);

    /// <summary>What a text may be: an article, a shipment, or words of a reason, which all must be in it.</summary>
    public static IEnumerable<CandidateSource> OfTerms(string text)
    {
        yield return new(ViewNames.Search, SearchTerms.Sku(text), []);
        yield return new(ViewNames.Search, SearchTerms.Tracking(text), []);
        if (SearchTerms.Words(text) is { Count: > 0 } words)
            yield return new(ViewNames.Search, SearchTerms.Word(words.MaxBy(word => word.Length)!), words); // the longest is the rarest
    }
}
