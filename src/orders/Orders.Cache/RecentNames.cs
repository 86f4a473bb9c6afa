using ChangeFeed.Projections.Writing;
using Orders.ReadModels;

namespace Orders.Cache;

/// <summary>
/// What the customers and products of orders are called, as the view said a moment ago. In the memory of the reader alone: a name in the cache
/// would be in the server's log and snapshots too, and stay there when its customer is erased.
/// </summary>
/// <param name="options">How old names may be.</param>
/// <param name="time">The clock.</param>
internal sealed class RecentNames(CacheOptions options, TimeProvider time)
{
    private const int MaxOrders = 20_000;

    private readonly BoundedCache<string, (IReadOnlyList<ReferenceName>? Names, long At)> _names = new(MaxOrders);

    /// <summary>Remembers the names of an order; forgets them where its customer was erased.</summary>
    public void Remember(OrderStatusDocument order)
    {
        if (order.ErasedAt is null)
            _names.Set(order.Id, (order.Names, time.GetTimestamp()));
        else
            _names.Remove(order.Id);
    }

    /// <summary>The order with its names; null when they are not known, or were asked for too long ago.</summary>
    public OrderStatusDocument? AddTo(OrderStatusDocument order)
    {
        if (!_names.TryGet(order.Id, out var known))
            return null;
        if (time.GetElapsedTime(known.At) <= options.MaxAgeOfNames)
            return order with { Names = known.Names };
        _names.Remove(order.Id);
        return null;
    }

    /// <summary>Forgets the names of an order.</summary>
    public void Forget(string orderId) => _names.Remove(orderId);
}
