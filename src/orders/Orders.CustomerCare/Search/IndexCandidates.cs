using ChangeFeed.Projections.Versions;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using Orders.SearchIndex;

namespace Orders.CustomerCare.Search;

/// <summary>Where the search index is. Section <c>SearchIndex</c>.</summary>
internal sealed class SearchIndexOptions
{
    public const string Section = "SearchIndex";

    /// <summary>The file; empty where there is no index.</summary>
    public string File { get; set; } = "";
}

/// <summary>
/// What the search index adds to what the views find: beginnings, slips of the finger, several words. Where there is none, or it cannot be
/// read, it adds nothing.
/// </summary>
internal sealed class IndexCandidates(IOptions<SearchIndexOptions> options, ILogger<IndexCandidates> logger)
{
    private readonly SearchIndexReader? _index = options.Value.File.Length > 0 ? new SearchIndexReader(options.Value.File) : null;

    /// <summary>Candidates, the latest first.</summary>
    public async Task<List<Candidate>> FindAsync(SearchQuery query, PagePosition? after, int most, CancellationToken cancellationToken) =>
        await AskAsync(query, index => index.Find(Of(query) with { Last = after?.At }, most, after?.Delivered ?? []), cancellationToken) is { } found
            ? [.. found.Select(match => new Candidate(match.OrderId, match.PlacedAt, null))]
            : [];

    /// <summary>How the orders of a search spread over statuses, countries and months; null where there is no index.</summary>
    public Task<SearchFacets?> FacetsAsync(SearchQuery query, CancellationToken cancellationToken) =>
        AskAsync(query, index => index.Facets(Of(query)), cancellationToken);

    private static IndexQuery Of(SearchQuery query) =>
        new(query.Text!) { Status = query.Status, Customer = query.Customer, From = query.From, To = query.To };

    private async Task<T?> AskAsync<T>(SearchQuery query, Func<SearchIndexReader, T> ask, CancellationToken cancellationToken)
        where T : class
    {
        if (_index is null || query.Text is null || query.Text.Contains('@') || query.IsAboutEvents)
            return null;
        try
        {
            // SQLite answers on the thread that asks.
            return await Task.Run(() => ask(_index), cancellationToken);
        }
        catch (SqliteException e)
        {
            logger.LogWarning("The search index {File} is not used: {Problem}", options.Value.File, e.Message);
            return null;
        }
    }
}
