using Orders.Hosting;

namespace Orders.ReadModels;

/// <summary>The first version of each view; later ones are made by rebuilding, alike.</summary>
public static class ViewContainers
{
    private static readonly string[] OrderPaths = ["/customerId/?", "/erasedAt/?", "/lines/[]/sku/?", "/overdueSince/?", "/placedAt/?", "/status/?"];

    /// <inheritdoc cref="ViewNames.OrderStatus"/>
    public static ContainerDefinition OrderStatus { get; } = View(ViewNames.OrderStatus, "/id") with { KeepsVersions = true, Indexed = OrderPaths };

    /// <inheritdoc cref="ViewNames.CustomerOrders"/>
    public static ContainerDefinition CustomerOrders { get; } =
        View(ViewNames.CustomerOrders, "/customerId") with { KeepsVersions = true, Indexed = OrderPaths };

    /// <inheritdoc cref="ViewNames.Statistics"/>
    public static ContainerDefinition Statistics { get; } = View(ViewNames.Statistics, "/window") with { Indexed = ["/counters/quantity/?", "/sku/?"] };

    /// <inheritdoc cref="ViewNames.Search"/>
    public static ContainerDefinition Search { get; } = View(ViewNames.Search, "/term") with { Indexed = ["/placedAt/?", "/words/[]/?"] };

    /// <summary>Every view.</summary>
    public static IReadOnlyList<ContainerDefinition> All { get; } = [OrderStatus, CustomerOrders, Statistics, Search];

    private static ContainerDefinition View(string name, string partitionKey) =>
        new(name, partitionKey) { DefaultTtl = ContainerDefinition.OnlyDocumentsWithTheirOwn, GrowsWithOrders = true };
}
