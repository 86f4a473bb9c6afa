using System.Text.Json.Serialization.Metadata;
using ChangeFeed.EventStore;
using ChangeFeed.Projections;
using Orders.Contracts;
using Orders.ReadModels;
using Orders.Views.Denormalisation;

namespace Orders.Views.Projections;

/// <summary>The same orders under a second partition key, so that all of a customer's are one query of one partition.</summary>
public sealed class CustomerOrdersProjection : IProjection<OrderStatusDocument>, IShowsNames<OrderStatusDocument>
{
    public string Name => ViewNames.CustomerOrders;

    public JsonTypeInfo<OrderStatusDocument> Json => ReadModelsJson.Default.OrderStatusDocument;

    public OrderStatusDocument? Apply(OrderStatusDocument? current, RecordedEvent next) => OrderStatusDocument.Apply(current, next);

    public ViewKey? KeyOf(RecordedEvent e) => e.Data is OrderPlaced placed ? new ViewKey(placed.CustomerId, e.StreamId) : null;

    public string StreamOf(OrderStatusDocument document) => document.Id;

    public long VersionOf(OrderStatusDocument document) => document.Version;

    public bool Ends(OrderStatusDocument document) => document.Ttl is not null;

    public OrderStatusDocument FromEvents(OrderStatusDocument document) => document with { Names = null };

    public ViewKey KeyOf(OrderStatusDocument document) => new(document.CustomerId, document.Id);

    public string? PartitionOf(Reference reference) => reference.Kind == ReferenceKind.Customer ? reference.Id : null;

    public IEnumerable<Reference> ReferencesOf(OrderStatusDocument document) => OrderNames.ReferencesOf(document);

    public OrderStatusDocument WithName(OrderStatusDocument document, ReferenceName name) => OrderNames.With(document, name);
}
