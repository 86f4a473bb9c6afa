using Orders.Contracts;
using Orders.Domain;
using Orders.ReadModels;

namespace Orders.Views.Denormalisation;

/// <summary>Names in the documents of orders. Pure; whatever the order in which names come in, the latest of each is what stays.</summary>
public static class OrderNames
{
    /// <summary>
    /// The customer and the products; none once the order has ended: it keeps the names it had. None of an erased customer's either, since
    /// every write would put off the time when the document is deleted.
    /// </summary>
    public static IEnumerable<Reference> ReferencesOf(OrderStatusDocument order) => order.Status.IsOpen() && order.ErasedAt is null ? All(order) : [];

    /// <summary>The order with a name. The same one where it has ended, is not about this customer or product, or has the name already.</summary>
    public static OrderStatusDocument With(OrderStatusDocument order, ReferenceName name) =>
        ReferencesOf(order).Contains(name.Reference) ? Merge(order, name) : order;

    /// <summary>The order with the names that another version of the view shows for it, ended or not. The same one where there is nothing to take
    /// over.</summary>
    public static OrderStatusDocument TakeOver(OrderStatusDocument order, OrderStatusDocument other) =>
        order.ErasedAt is null ? (other.Names ?? []).Aggregate(order, Merge) : order;

    private static OrderStatusDocument Merge(OrderStatusDocument order, ReferenceName name)
    {
        var names = order.Names ?? [];
        return names.Any(n => n.Reference == name.Reference && n.Version >= name.Version)
            ? order
            : order with { Names = [.. names.Where(n => n.Reference != name.Reference), name] };
    }

    private static IEnumerable<Reference> All(OrderStatusDocument order) => order.Lines
        .Select(line => new Reference(ReferenceKind.Product, line.Sku))
        .Distinct()
        .Prepend(new Reference(ReferenceKind.Customer, order.CustomerId));
}
