namespace OrderPipeline.Views;

/// <summary>Every view there is. Running, rebuilding and verifying work on this list; adding a view is one line in it.</summary>
public static class AllViews
{
    public static IReadOnlyList<IView> List { get; } =
    [
        View.Of(new OrderStatusProjection()),
        View.Of(new CustomerOrdersProjection()),
        new StatisticsView(),
    ];
}
