using ChangeFeed.Sinks;
using Orders.ReadModels;
using StackExchange.Redis;

namespace Orders.Cache;

/// <summary>Writes orders to Redis, or whatever speaks its protocol and runs its scripts.</summary>
/// <param name="connection">The server.</param>
/// <param name="options">How long what is kept.</param>
/// <param name="generation">Which of several caches.</param>
public sealed class RedisOrderSink(IConnectionMultiplexer connection, CacheOptions options, int generation) : ISink<SinkDocument<OrderStatusDocument>>
{
    // What a server says that takes nothing now, whatever it is given.
    private static readonly string[] NotNow =
        ["OOM", "LOADING", "READONLY", "NOAUTH", "WRONGPASS", "NOPERM", "MISCONF", "MASTERDOWN", "CLUSTERDOWN", "TRYAGAIN", "BUSY"];

    private IDatabase Database => connection.GetDatabase();

    /// <inheritdoc/>
    public async Task WriteAsync(IReadOnlyList<SinkDocument<OrderStatusDocument>> batch, CancellationToken cancellationToken)
    {
        try
        {
            // Sent one behind the other, without waiting for the answers between.
            await Task.WhenAll(batch.Select(WriteAsync));
        }
        catch (Exception e) when (e is RedisConnectionException or RedisTimeoutException or ObjectDisposedException)
        {
            throw new SinkUnavailableException($"The cache does not answer: {e.Message}", e);
        }
        catch (RedisServerException e)
        {
            throw Array.Exists(NotNow, word => e.Message.StartsWith(word, StringComparison.Ordinal))
                ? new SinkUnavailableException($"The cache takes nothing: {e.Message}", e)
                : new SinkRefusedException($"The cache refuses it: {e.Message}", e);
        }
    }

    private Task WriteAsync(SinkDocument<OrderStatusDocument> document) =>
        document.Document is { } order ? WriteAsync(order, document.Version) : EraseAsync(document.Key, document.Version);

    private async Task WriteAsync(OrderStatusDocument order, long version)
    {
        if (await WriteAsync(order.Id, version, order))
            await Database.ScriptEvaluateAsync(
                LatestOrdersScripts.Add,
                [LatestOrdersScripts.KeyOf(generation, order.CustomerId)],
                LatestOrdersScripts.Values(from: null, options.KeepOrders, order));
    }

    /// <summary>
    /// The list of the customer goes with the order. Before, since it is the order that tells whose it is, should this end in the middle; and
    /// after, since a reader may have made the list again meanwhile.
    /// </summary>
    private async Task EraseAsync(string orderId, long version)
    {
        var stored = await Database.HashGetAsync(OrderScripts.KeyOf(generation, orderId), OrderScripts.Order);
        RedisKey[] lists = stored.IsNull ? [] : [LatestOrdersScripts.KeyOf(generation, OrderScripts.Read(stored).CustomerId)];
        await Database.KeyDeleteAsync(lists);
        await WriteAsync(orderId, version, null);
        await Database.KeyDeleteAsync(lists);
    }

    private async Task<bool> WriteAsync(string orderId, long version, OrderStatusDocument? order) => (bool)await Database.ScriptEvaluateAsync(
        OrderScripts.Write, [OrderScripts.KeyOf(generation, orderId)], OrderScripts.Values(version, order, options.KeepOrders));
}
