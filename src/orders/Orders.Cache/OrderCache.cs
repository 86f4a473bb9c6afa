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
    private static readonly RedisValue[] Fields = ["order", "names", "names-at"];

    private long _failedAt;
    private bool _failed;

    /// <summary>The order, with names that are not too old; null when the cache does not have all of that.</summary>
    /// <param name="orderId">The order.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<OrderStatusDocument?> FindAsync(string orderId, CancellationToken cancellationToken) => TryAsync(
        async database =>
        {
            var values = await database.HashGetAsync(OrderScripts.KeyOf(options.Generation, orderId), Fields);
            if (values is not [{ IsNull: false } order, { IsNull: false } names, { IsNull: false } namesAt])
                return null;
            if (time.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds((long)namesAt) > options.MaxAgeOfNames)
                return null;
            return JsonSerializer.Deserialize((ReadOnlySpan<byte>)(byte[])order!, ReadModelsJson.Default.OrderStatusDocument)! with
            {
                Names = JsonSerializer.Deserialize((ReadOnlySpan<byte>)(byte[])names!, ReadModelsJson.Default.IReadOnlyListReferenceName),
            };
        },
        cancellationToken);

    /// <summary>Puts in what the view had. Never over what is newer, and nothing of somebody who was erased.</summary>
    /// <param name="order">What the view had.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task FillAsync(OrderStatusDocument order, CancellationToken cancellationToken)
    {
        if (order.ErasedAt is not null)
            return;
        await TryAsync<object>(
            async database =>
            {
                await database.ScriptEvaluateAsync(
                    OrderScripts.Fill,
                    [OrderScripts.KeyOf(options.Generation, order.Id)],
                    [
                        order.Version,
                        JsonSerializer.SerializeToUtf8Bytes(order with { Names = null }, ReadModelsJson.Default.OrderStatusDocument),
                        JsonSerializer.SerializeToUtf8Bytes(order.Names, ReadModelsJson.Default.IReadOnlyListReferenceName),
                        time.GetUtcNow().ToUnixTimeMilliseconds(),
                        (long)options.KeepOrders.TotalMilliseconds,
                    ]);
                return null;
            },
            cancellationToken);
    }

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
