using System.Text.Json;
using Microsoft.Extensions.Logging;
using Orders.ReadModels;
using StackExchange.Redis;

namespace Orders.Cache;

/// <summary>
/// Reads orders from the cache, and puts into it what the view had. A cache that does not answer is nobody's problem: there is nothing in it
/// then, and it is left alone for a moment.
/// </summary>
/// <param name="connection">The server.</param>
/// <param name="options">Which cache, and how long what is kept.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Told when it does not answer.</param>
public sealed class OrderCache(IConnectionMultiplexer connection, CacheOptions options, TimeProvider time, ILogger<OrderCache> logger)
{
    private static readonly TimeSpan LeftAlone = TimeSpan.FromSeconds(1);

    private readonly RecentNames _names = new(options, time);
    private long _failedAt;
    private bool _failed;

    /// <summary>The order, with names that this process was told a moment ago; null when there is not all of that.</summary>
    /// <param name="orderId">The order.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<OrderStatusDocument?> FindAsync(string orderId, CancellationToken cancellationToken) =>
        TryAsync(database => FindAsync(database, orderId), cancellationToken);

    /// <summary>The latest orders of a customer, the latest first; null when there are not all of them, each with its names.</summary>
    /// <param name="customerId">The customer.</param>
    /// <param name="count">How many are wanted.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<LatestOrders?> FindLatestAsync(string customerId, int count, CancellationToken cancellationToken) => TryAsync<LatestOrders>(
        async database =>
        {
            // One more than are wanted, and the one that says from when on they are all.
            var members = await database.SortedSetRangeByRankWithScoresAsync(
                LatestOrdersScripts.KeyOf(options.Generation, customerId), 0, -1, StackExchange.Redis.Order.Descending);
            if (LatestOrders.Choose([.. members.Select(member => ((string)member.Element!, (long)member.Score))], count) is not var (ids, hasMore))
                return null;
            var orders = await Task.WhenAll(ids.Select(id => FindAsync(database, id)));
            return Array.Exists(orders, order => order is null)
                ? null
                : new LatestOrders([.. orders.OfType<OrderStatusDocument>().OrderByDescending(order => order.PlacedAt)], hasMore);
        },
        cancellationToken);

    /// <summary>Puts in what the view had, but for the names, which stay here. Never over what is newer, and nothing of somebody who was erased.</summary>
    /// <param name="order">What the view had.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task FillAsync(OrderStatusDocument order, CancellationToken cancellationToken)
    {
        _names.Remember(order);
        return order.ErasedAt is not null ? Task.CompletedTask : TryAsync<object>(
            async database =>
            {
                await WriteAsync(database, order);
                return null;
            },
            cancellationToken);
    }

    /// <summary>Puts in what the view had of a customer's latest orders. Of somebody who was erased there is no list.</summary>
    /// <param name="customerId">The customer.</param>
    /// <param name="orders">All from one on, the latest first.</param>
    /// <param name="isAll">Whether the customer has no others.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task FillLatestAsync(string customerId, IReadOnlyList<OrderStatusDocument> orders, bool isAll, CancellationToken cancellationToken)
    {
        foreach (var order in orders)
            _names.Remember(order);
        RedisKey list = LatestOrdersScripts.KeyOf(options.Generation, customerId);
        var from = isAll ? LatestOrdersScripts.Everything : LatestOrdersScripts.ScoreOf(orders[^1]) - 1;
        await TryAsync<object>(
            async database =>
            {
                if (orders.Any(order => order.ErasedAt is not null))
                    await database.KeyDeleteAsync(list);
                else if (Array.TrueForAll(await Task.WhenAll(orders.Select(order => WriteAsync(database, order))), isThere => isThere))
                    await database.ScriptEvaluateAsync(LatestOrdersScripts.Add, [list], LatestOrdersScripts.Values(from, options.KeepOrders, orders));
                return null;
            },
            cancellationToken);
    }

    private async Task<OrderStatusDocument?> FindAsync(IDatabase database, string orderId)
    {
        var stored = await database.HashGetAsync(OrderScripts.KeyOf(options.Generation, orderId), OrderScripts.Order);
        if (!stored.IsNull)
            return _names.AddTo(OrderScripts.Read(stored));
        _names.Forget(orderId); // it may be erased
        return null;
    }

    private async Task<bool> WriteAsync(IDatabase database, OrderStatusDocument order) => (bool)await database.ScriptEvaluateAsync(
        OrderScripts.Write, [OrderScripts.KeyOf(options.Generation, order.Id)], OrderScripts.Values(order.Version, order, options.KeepOrders));

    private async Task<T?> TryAsync<T>(Func<IDatabase, Task<T?>> ask, CancellationToken cancellationToken)
        where T : class
    {
        if (Volatile.Read(ref _failed) && time.GetElapsedTime(Volatile.Read(ref _failedAt)) < LeftAlone)
            return null;
        try
        {
            var answer = await ask(connection.GetDatabase()).WaitAsync(options.Patience, time, cancellationToken);
            Volatile.Write(ref _failed, false);
            return answer;
        }
        catch (Exception e) when (e is RedisException or TimeoutException or JsonException or ObjectDisposedException)
        {
            if (!Volatile.Read(ref _failed))
                logger.LogWarning("The cache is not used for now: {Problem}", e.Message);
            Volatile.Write(ref _failedAt, time.GetTimestamp());
            Volatile.Write(ref _failed, true);
            return null;
        }
    }
}
