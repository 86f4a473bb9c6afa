using ChangeFeed.Projections.Versions;
using Orders.Contracts;
using Orders.PersonalData;
using Orders.ReadModels;

namespace Orders.CustomerCare.Search;

/// <summary>What was found, the latest first.</summary>
/// <param name="Orders">The orders.</param>
/// <param name="Next">Where the next page begins; null when this is the last.</param>
/// <param name="RequestCharge">What it cost, in request units.</param>
internal sealed record FoundOrders(IReadOnlyList<OrderStatusDocument> Orders, PagePosition? Next, double RequestCharge)
{
    public static FoundOrders None { get; } = new([], null, 0);
}

/// <summary>
/// Finds orders. What is looked for leads to candidates: by customer and by term in queries of one partition each, by events on the feed, by
/// nothing but a status in a query of all partitions; the view of orders then tells how each stands.
/// </summary>
internal sealed class OrderSearch(OrderCandidates candidates, EventSearch events, OrderLookup orders, AddressIndex addresses, TimeProvider time)
{
    public const int PageSize = 25;

    // A page that has little to show after this time is shown, and the search goes on from there when asked to.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    public async Task<FoundOrders> FindAsync(SearchQuery query, CancellationToken cancellationToken)
    {
        if (Guid.TryParseExact(query.Text, "D", out var id))
            return new FoundOrders(await orders.ReadAsync([new Candidate(id.ToString(), default, null)], query, cancellationToken), null, 1);

        var sources = query.IsAboutEvents ? [] : await SourcesAsync(query, cancellationToken);
        var started = time.GetTimestamp();
        var (found, charge, position) = (new List<OrderStatusDocument>(), 0d, query.After);
        while (true)
        {
            var wanted = PageSize - found.Count;
            var page = query.IsAboutEvents
                ? await events.FindAsync(query, position, wanted, cancellationToken)
                : await candidates.FindAsync(sources, query, position, wanted, cancellationToken);
            found.AddRange(await orders.ReadAsync(page.Candidates, query, cancellationToken));
            charge += page.RequestCharge + page.Candidates.Count(c => c.Order is null);
            position = page.Next;
            if (position is null || found.Count >= PageSize || time.GetElapsedTime(started) > Patience)
                return new FoundOrders(found, position, charge);
        }
    }

    private async Task<IReadOnlyList<CandidateSource>> SourcesAsync(SearchQuery query, CancellationToken cancellationToken) => query.Text switch
    {
        null => [query.Customer is { } customer ? CandidateSource.OfCustomer(customer) : CandidateSource.All],
        var text when text.Contains('@') =>
            [.. (await addresses.FindAsync(text, cancellationToken)).Where(c => query.Customer is null || query.Customer == c).Select(CandidateSource.OfCustomer)],
        var text => [CandidateSource.OfCustomer(text), .. CandidateSource.OfTerms(text)],
    };
}
