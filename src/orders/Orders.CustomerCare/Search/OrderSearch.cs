using ChangeFeed.Projections.Versions;
using Microsoft.Extensions.Options;
using Orders.PersonalData;
using Orders.ReadModels;
using Orders.SearchIndex;

namespace Orders.CustomerCare.Search;

/// <summary>What was found, the latest first.</summary>
/// <param name="Orders">The orders.</param>
/// <param name="Next">Where the next page begins; null when this is the last.</param>
/// <param name="RequestCharge">What it cost, in request units.</param>
internal sealed record FoundOrders(IReadOnlyList<OrderStatusDocument> Orders, SearchPosition? Next, double RequestCharge)
{
    /// <summary>How what the search index finds spreads, on the first page; null where there is no index.</summary>
    public SearchFacets? Facets { get; init; }

    public static FoundOrders None { get; } = new([], null, 0);
}

/// <summary>
/// Finds orders. What is looked for leads to candidates: by customer and by term in queries of one partition each, by events on the feed, by
/// nothing but a status in a query of all partitions; the view of orders then tells how each stands. A search that has cost what it may
/// answers with what it has, and goes on from there when asked to.
/// </summary>
internal sealed class OrderSearch(
    OrderCandidates candidates, IndexCandidates index, EventSearch events, OrderLookup orders, AddressIndex addresses, SearchBudget budget,
    IOptions<SearchOptions> options,
    TimeProvider time)
{
    public const int PageSize = 25;

    /// <summary>Customers of an address whose orders are looked for at a time: a query of one partition each.</summary>
    public const int CustomersAtOnce = 25;

    // A page that has little to show after this time is shown, and the search goes on from there when asked to.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    /// <summary>A page of what is looked for.</summary>
    /// <param name="who">The name of the key; it pays for the search.</param>
    /// <param name="query">What is looked for.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <exception cref="Orders.Web.InvalidRequestException">The key has spent what it may: 429.</exception>
    public async Task<FoundOrders> FindAsync(string who, SearchQuery query, CancellationToken cancellationToken)
    {
        budget.Take(who);
        var found = await FindAsync(query, cancellationToken);
        budget.Return(who, found.RequestCharge);
        return query.After is null ? found with { Facets = await index.FacetsAsync(query, cancellationToken) } : found;
    }

    private async Task<FoundOrders> FindAsync(SearchQuery query, CancellationToken cancellationToken)
    {
        if (Guid.TryParseExact(query.Text, "D", out var id))
        {
            var (byId, units) = await orders.ReadAsync([new Candidate(id.ToString(), default, null)], query, cancellationToken);
            return new FoundOrders(byId, null, units);
        }

        var started = time.GetTimestamp();
        var (found, charge, position) = (new List<OrderStatusDocument>(), 0d, query.After ?? new SearchPosition(null));
        var (sources, lastCustomer) = await SourcesAsync(query, position.Customer, cancellationToken);
        while (true)
        {
            var wanted = PageSize - found.Count;
            var page = query.IsAboutEvents
                ? await events.FindAsync(query, position.After, wanted, options.Value.RequestUnits - charge, cancellationToken)
                : await candidates.FindAsync(sources, query, position.After, wanted, cancellationToken);
            var (read, lookups) = await orders.ReadAsync(page.Candidates, query, cancellationToken);
            found.AddRange(read);
            charge += page.RequestCharge + lookups;
            if (page.Next is not null)
                position = position with { After = page.Next };
            else if (lastCustomer is not null)
                position = new SearchPosition(null, lastCustomer);
            else
                return new FoundOrders(found, null, charge);
            if (found.Count >= PageSize || charge >= options.Value.RequestUnits || time.GetElapsedTime(started) > Patience)
                return new FoundOrders(found, position, charge);
            if (page.Next is null)
                (sources, lastCustomer) = await SourcesAsync(query, position.Customer, cancellationToken);
        }
    }

    /// <returns>Where to look, and the last of the address's customers in it; null when no more of them are left.</returns>
    private async Task<(IReadOnlyList<CandidateSource> Sources, string? LastCustomer)> SourcesAsync(
        SearchQuery query, string? afterCustomer, CancellationToken cancellationToken)
    {
        switch (query)
        {
            case { IsAboutEvents: true }:
                return ([], null);
            case { Text: null }:
                return ([query.Customer is { } customer ? CandidateSource.OfCustomer(customer) : CandidateSource.All], null);
            case { Text: var address } when address.Contains('@'):
                var customers = await addresses.FindAsync(address, afterCustomer, CustomersAtOnce + 1, cancellationToken);
                var some = customers.Take(CustomersAtOnce).ToList();
                return (
                    [.. some.Where(c => query.Customer is null || query.Customer == c).Select(CandidateSource.OfCustomer)],
                    customers.Count > some.Count ? some[^1] : null);
            default:
                return ([CandidateSource.OfCustomer(query.Text), .. CandidateSource.OfTerms(query.Text), CandidateSource.Index], null);
        }
    }
}
