using ChangeFeed.Projections.Versions;
using Orders.Cache;
using Orders.Contracts;
using Orders.ReadModels;

namespace Orders.Api.ReadingAnOrder;

/// <summary>Reads the view of one order, through the cache where there is one.</summary>
internal sealed class OrderStatusReader(ViewReader view, TimeProvider time, OrderCache? cache = null)
{
    /// <summary>How long a caller may ask to wait for the view.</summary>
    public static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// What the cache has, or else what the view says now; null when it has nothing of the order yet. One request unit where the cache does
    /// not have it. The events it has not seen are for the caller to add, as with the view.
    /// </summary>
    public async Task<OrderStatusDocument?> ReadAsync(string orderId, CancellationToken cancellationToken)
    {
        if (cache is null)
            return await ReadViewAsync(orderId, cancellationToken);
        if (await cache.FindAsync(orderId, cancellationToken) is { } cached)
            return cached;
        var order = await ReadViewAsync(orderId, cancellationToken);
        if (order is not null)
            await cache.FillAsync(order, cancellationToken);
        return order;
    }

    /// <summary>What the view says once it has reached a version, or after <see cref="MaxWait"/>.</summary>
    public async Task<OrderStatusDocument?> ReadAsync(string orderId, long minVersion, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var pause = FirstPause;
        while (true)
        {
            var order = await ReadViewAsync(orderId, cancellationToken);
            var left = MaxWait - time.GetElapsedTime(started);
            if (order?.Version >= minVersion || left <= TimeSpan.Zero)
                return order;
            await Task.Delay(pause < left ? pause : left, time, cancellationToken);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    private Task<OrderStatusDocument?> ReadViewAsync(string orderId, CancellationToken cancellationToken) => view.ReadAsync(
        ViewNames.OrderStatus, orderId, orderId, ReadModelsJson.Default.OrderStatusDocument, order => order.Version, cancellationToken);
}
