using ChangeFeed.Projections;
using Orders.Contracts;
using Orders.Domain;
using Orders.ReadModels;
using Orders.Views.Projections;
using Orders.Views.Statistics;

namespace Orders.Views;

/// <summary>Every view there is. Running, rebuilding and verifying work on this list; adding a view is one line in it.</summary>
public static class AllViews
{
    private static readonly OrderStatusProjection OrderStatus = new();
    private static readonly CustomerOrdersProjection CustomerOrders = new();

    public static IReadOnlyList<IView> List { get; } =
    [
        View.Of(OrderStatus),
        View.Of(CustomerOrders),
        new StatisticsView(),
        View.Of(new SearchProjection()),
    ];

    /// <summary>Those that show what customers and products are called.</summary>
    public static IReadOnlyList<IShowsNames<OrderStatusDocument>> WithNames { get; } = [OrderStatus, CustomerOrders];
}
