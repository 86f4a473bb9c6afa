namespace Orders.ReadModels;

/// <summary>The views: each is also the name of the container of its first version.</summary>
public static class ViewNames
{
    /// <summary>One <see cref="OrderStatusDocument"/> per order.</summary>
    public const string OrderStatus = "order-status";

    /// <summary>The same by customer.</summary>
    public const string CustomerOrders = "customer-orders";

    /// <summary>See <see cref="SearchDocument"/>.</summary>
    public const string Search = "search";

    /// <summary>See <see cref="ReadModels.Statistics.StatisticsDocument"/>.</summary>
    public const string Statistics = "statistics";
}
