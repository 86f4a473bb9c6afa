using System.Globalization;
using System.Text.Json.Serialization.Metadata;
using ChangeFeed.EventStore;
using ChangeFeed.Projections;
using Orders.Contracts;
using Orders.ReadModels;

namespace Orders.Views.Projections;

/// <summary>What an order can be found by so far.</summary>
public sealed record SearchState(IReadOnlyList<SearchDocument> Documents);

/// <summary>
/// Orders by what their events say of them: articles, the tracking number, the words of reasons. A term is a partition, so looking it up is a
/// query of one.
/// </summary>
public sealed class SearchProjection : IMultiDocumentProjection<SearchState, SearchDocument>
{
    public string Name => ViewNames.Search;

    public JsonTypeInfo<SearchDocument> Json => ReadModelsJson.Default.SearchDocument;

    public SearchState? Apply(SearchState? current, RecordedEvent next) => (current, next.Data) switch
    {
        (null, OrderPlaced e) =>
            new SearchState([.. e.Lines.Select(line => SearchTerms.Sku(line.Sku)).Distinct().Select(term => Of(next, next.Meta.At, term))]),
        (null, _) => null,
        (_, OrderShipped e) => With(current, Of(next, PlacedAt(current), SearchTerms.Tracking(e.TrackingNumber))),
        (_, PersonalDataErased e) =>
            new SearchState([.. current.Documents.Select(d => d with { Version = next.Version, ErasedAt = next.Meta.At, Ttl = e.MarkerSeconds })]),
        (_, var e) when SearchTerms.ReasonOf(e) is { } reason && SearchTerms.Words(reason) is { Count: > 0 } words =>
            With(current, words.Select(word => Of(next, PlacedAt(current), SearchTerms.Word(word)) with { Words = words })),
        _ => current,
    };

    public bool Concerns(RecordedEvent e) => e.Data is OrderPlaced or OrderShipped or PersonalDataErased || SearchTerms.ReasonOf(e.Data) is not null;

    public IEnumerable<(ViewKey Key, SearchDocument Document)> Documents(SearchState state) =>
        state.Documents.Select(document => (new ViewKey(document.Term, document.Id), document));

    public string StreamOf(SearchDocument document) => document.OrderId;

    public long VersionOf(SearchDocument document) => document.Version;

    public bool Ends(SearchDocument document) => document.Ttl is not null;

    // An order has at least one line, and with it a document.
    private static DateTimeOffset PlacedAt(SearchState state) => state.Documents[0].PlacedAt;

    private static SearchState With(SearchState state, params IEnumerable<SearchDocument> more) =>
        new([.. state.Documents, .. more.Select(d => d with { ErasedAt = state.Documents[0].ErasedAt, Ttl = state.Documents[0].Ttl })]);

    private static SearchDocument Of(RecordedEvent e, DateTimeOffset placedAt, string term) => new()
    {
        Id = string.Create(CultureInfo.InvariantCulture, $"{e.StreamId}:{e.Version}"),
        Term = term,
        OrderId = e.StreamId,
        Version = e.Version,
        PlacedAt = placedAt,
    };
}
