using System.Text.Json.Serialization.Metadata;
using ChangeFeed.EventStore;
using ChangeFeed.Projections;
using Orders.Contracts;
using Orders.ReadModels;
using Orders.Views.Denormalisation;

namespace Orders.Views.Projections;

/// <summary>One document per order, as the orders API shows it.</summary>
public sealed class OrderStatusProjection : IProjection<OrderStatusDocument>, IShowsNames<OrderStatusDocument>
{
    public string Name => ViewNames.OrderStatus;

    public JsonTypeInfo<OrderStatusDocument> Json => ReadModelsJson.Default.OrderStatusDocument;

    public OrderStatusDocument? Apply(OrderStatusDocument? current, RecordedEvent next) => OrderStatusDocument.Apply(current, next);

    public ViewKey? KeyOf(RecordedEvent e) => ViewKey.ById(e.StreamId);

    public string StreamOf(OrderStatusDocument document) => document.Id;

    public long VersionOf(OrderStatusDocument document) => document.Version;

    public bool Ends(OrderStatusDocument document) => document.Ttl is not null;

    public OrderStatusDocument FromEvents(OrderStatusDocument document) => document with { Names = null };

    public ViewKey KeyOf(OrderStatusDocument document) => ViewKey.ById(document.Id);

    public string? PartitionOf(Reference reference) => null;

    public IEnumerable<Reference> ReferencesOf(OrderStatusDocument document) => OrderNames.ReferencesOf(document);

    public OrderStatusDocument WithName(OrderStatusDocument document, ReferenceName name) => OrderNames.With(document, name);
}
