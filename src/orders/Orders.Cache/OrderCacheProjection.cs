using System.Text.Json.Serialization.Metadata;
using ChangeFeed.EventStore;
using ChangeFeed.Projections;
using Orders.Contracts;
using Orders.ReadModels;

namespace Orders.Cache;

/// <summary>What events make of an order in the cache: what they make of the view of orders, without names.</summary>
public sealed class OrderCacheProjection : IProjection<OrderStatusDocument>
{
    /// <summary>The endpoint.</summary>
    public const string Endpoint = "order-cache";

    /// <inheritdoc/>
    public string Name => Endpoint;

    /// <inheritdoc/>
    public JsonTypeInfo<OrderStatusDocument> Json => ReadModelsJson.Default.OrderStatusDocument;

    /// <inheritdoc/>
    public OrderStatusDocument? Apply(OrderStatusDocument? current, RecordedEvent next) => OrderStatusDocument.Apply(current, next);

    /// <inheritdoc/>
    public ViewKey? KeyOf(RecordedEvent e) => ViewKey.ById(e.StreamId);

    /// <inheritdoc/>
    public string StreamOf(OrderStatusDocument document) => document.Id;

    /// <inheritdoc/>
    public long VersionOf(OrderStatusDocument document) => document.Version;

    /// <inheritdoc/>
    public bool Ends(OrderStatusDocument document) => document.ErasedAt is not null;
}
