using Orders.ReadModels;

namespace Orders.Cache;

/// <summary>What events make of an order in the cache: what they make of the view of orders, without names.</summary>
public sealed class OrderCacheProjection : OrderProjection
{
    /// <summary>The endpoint.</summary>
    public const string Endpoint = "order-cache";

    /// <inheritdoc/>
    public override string Name => Endpoint;
}
