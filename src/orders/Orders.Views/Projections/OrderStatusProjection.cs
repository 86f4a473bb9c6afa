using ChangeFeed.Projections;
using Orders.Contracts;
using Orders.ReadModels;
using Orders.Views.Denormalisation;

namespace Orders.Views.Projections;

/// <summary>One document per order, as the orders API shows it.</summary>
public sealed class OrderStatusProjection : OrderProjection, IShowsNames<OrderStatusDocument>
{
    public override string Name => ViewNames.OrderStatus;

    public ViewKey KeyOf(OrderStatusDocument document) => ViewKey.ById(document.Id);

    public string? PartitionOf(Reference reference) => null;

    public IEnumerable<Reference> ReferencesOf(OrderStatusDocument document) => OrderNames.ReferencesOf(document);

    public OrderStatusDocument WithName(OrderStatusDocument document, ReferenceName name) => OrderNames.With(document, name);
}
