using System.Text.Json.Serialization.Metadata;
using ChangeFeed.EventStore;
using ChangeFeed.Projections;
using Orders.Contracts;
using Orders.Domain;
using Orders.ReadModels;

namespace Orders.SearchIndex;

/// <summary>What events make of an entry of the index.</summary>
/// <param name="endpoint">The endpoint that writes it.</param>
public sealed class SearchIndexProjection(string endpoint = SearchIndexProjection.Endpoint) : IProjection<OrderEntry>
{
    /// <summary>The endpoint; the view of terms has the name <c>search</c>.</summary>
    public const string Endpoint = "search-index";

    /// <summary>The endpoint of a search service.</summary>
    public const string AzureEndpoint = "azure-search";

    /// <inheritdoc/>
    public string Name => endpoint;

    /// <inheritdoc/>
    public JsonTypeInfo<OrderEntry> Json => SearchIndexJson.Default.OrderEntry;

    /// <inheritdoc/>
    public OrderEntry? Apply(OrderEntry? current, RecordedEvent next)
    {
        if (current is null)
            return next.Data is OrderPlaced placed ? Begin(next, placed) : null;
        var entry = current with { Version = next.Version, Status = OrderState.NextStatus(current.Status, next.Data) ?? current.Status };
        return next.Data switch
        {
            OrderShipped e => With(entry with { Tracking = e.TrackingNumber }, e.Carrier),
            PersonalDataErased => entry with { IsErased = true },
            var e when SearchTerms.ReasonOf(e) is { } reason => With(entry, reason),
            _ => entry,
        };
    }

    /// <inheritdoc/>
    public ViewKey? KeyOf(RecordedEvent e) => ViewKey.ById(e.StreamId);

    /// <inheritdoc/>
    public string StreamOf(OrderEntry document) => document.Id;

    /// <inheritdoc/>
    public long VersionOf(OrderEntry document) => document.Version;

    /// <inheritdoc/>
    public bool Ends(OrderEntry document) => document.IsErased;

    private static OrderEntry Begin(RecordedEvent e, OrderPlaced placed) => new()
    {
        Id = e.StreamId,
        Version = e.Version,
        CustomerId = placed.CustomerId,
        Status = OrderStatus.Placed,
        Country = placed.ShipTo.Country,
        PlacedAt = e.Meta.At,
        Texts = [.. placed.Lines.SelectMany(line => new[] { line.Sku, line.Name }).Distinct()],
    };

    private static OrderEntry With(OrderEntry entry, string text) =>
        entry.Texts.Contains(text) ? entry : entry with { Texts = [.. entry.Texts, text] };
}
