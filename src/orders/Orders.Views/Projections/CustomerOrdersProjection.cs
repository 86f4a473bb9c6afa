using ChangeFeed.EventStore;
using ChangeFeed.Projections;
using Orders.Contracts;
using Orders.ReadModels;
using Orders.Views.Denormalisation;

namespace Orders.Views.Projections;

/// <summary>The same orders under a second partition key, so that all of a customer's are one query of one partition.</summary>
public sealed class CustomerOrdersProjection : OrderProjection, IShowsNames<OrderStatusDocument>
{
    public override string Name => ViewNames.CustomerOrders;

    public override ViewKey? KeyOf(RecordedEvent e) => e.Data is OrderPlaced placed ? new ViewKey(placed.CustomerId, e.StreamId) : null;

    public ViewKey KeyOf(OrderStatusDocument document) => new(document.CustomerId, document.Id);

    public string? PartitionOf(Reference reference) => reference.Kind == ReferenceKind.Customer ? reference.Id : null;

    public IEnumerable<Reference> ReferencesOf(OrderStatusDocument document) => OrderNames.ReferencesOf(document);

    public OrderStatusDocument WithName(OrderStatusDocument document, ReferenceName name) => OrderNames.With(document, name);
}
