namespace Orders.Contracts;

/// <summary>The views: a name is that of the view's container, of its endpoint on the change feed, and in commands.</summary>
public static class ViewNames
{
    /// <summary>One document per order, partition key <c>/id</c>.</summary>
    public const string OrderStatus = "order-status";

    /// <summary>The same documents under <c>/customerId</c>.</summary>
    public const string CustomerOrders = "customer-orders";

    /// <summary>Counters over all orders, by window of time.</summary>
    public const string Statistics = "statistics";

    /// <summary>What orders can be found by, partition key <c>/term</c>.</summary>
    public const string Search = "search";
}
