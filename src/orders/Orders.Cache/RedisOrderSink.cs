using System.Text.Json;
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

    private Task WriteAsync(SinkDocument<OrderStatusDocument> document) => connection.GetDatabase().ScriptEvaluateAsync(
        OrderScripts.Write,
        [OrderScripts.KeyOf(generation, document.Key)],
        [
            document.Version,
            document.Document is { } order ? JsonSerializer.SerializeToUtf8Bytes(order, ReadModelsJson.Default.OrderStatusDocument) : "",
            (long)options.KeepOrders.TotalMilliseconds,
        ]);
}
