using System.Text.Json.Serialization.Metadata;
using ChangeFeed.EventStore;
using ChangeFeed.Projections;

namespace Orders.ReadModels;

/// <summary>What everything that shows whole orders does alike: what events make of an order, whatever it is called and wherever it is.</summary>
public abstract class OrderProjection : IProjection<OrderStatusDocument>
{
    /// <inheritdoc/>
    public abstract string Name { get; }

    /// <inheritdoc/>
    public JsonTypeInfo<OrderStatusDocument> Json => ReadModelsJson.Default.OrderStatusDocument;

    /// <inheritdoc/>
    public OrderStatusDocument? Apply(OrderStatusDocument? current, RecordedEvent next) => OrderStatusDocument.Apply(current, next);

    /// <inheritdoc/>
    public virtual ViewKey? KeyOf(RecordedEvent e) => ViewKey.ById(e.StreamId);

    /// <inheritdoc/>
    public string StreamOf(OrderStatusDocument document) => document.Id;

    /// <inheritdoc/>
    public long VersionOf(OrderStatusDocument document) => document.Version;

    /// <inheritdoc/>
    public bool Ends(OrderStatusDocument document) => document.Ttl is not null;

    /// <inheritdoc/>
    public OrderStatusDocument FromEvents(OrderStatusDocument document) => document with { Names = null };
}
