using System.Text.Json;
using ChangeFeed.Sinks;
using Orders.ReadModels;
using StackExchange.Redis;

namespace Orders.Cache;

/// <summary>
/// An order in the cache: a hash with its <c>version</c> and the <c>order</c> as the events say, without names. One that is erased keeps its
/// version alone, so that nothing late brings it back.
/// </summary>
internal static class OrderScripts
{
    /// <summary>The field of the order.</summary>
    public const string Order = "order";

    /// <summary>Writes an order over an older version only, whoever has it: the sink, or a reader that had it from the view. An empty one erases.</summary>
    /// <remarks>Returns whether there is an order now, whoever has written it.</remarks>
    public const string Write = """
        local there = redis.call('HGET', KEYS[1], 'version')
        if not there or tonumber(there) < tonumber(ARGV[1]) then
          if ARGV[2] == '' then redis.call('DEL', KEYS[1]) else redis.call('HSET', KEYS[1], 'order', ARGV[2]) end
          redis.call('HSET', KEYS[1], 'version', ARGV[1])
          redis.call('PEXPIRE', KEYS[1], ARGV[3])
        end
        return redis.call('HEXISTS', KEYS[1], 'order')
        """;

    /// <summary>What <see cref="Write"/> is given.</summary>
    /// <param name="version">The version.</param>
    /// <param name="order">The order; null for one that is erased.</param>
    /// <param name="keep">How long it stays.</param>
    public static RedisValue[] Values(long version, OrderStatusDocument? order, TimeSpan keep) =>
    [
        version,
        order is null ? "" : JsonSerializer.SerializeToUtf8Bytes(order with { Names = null }, ReadModelsJson.Default.OrderStatusDocument),
        (long)keep.TotalMilliseconds,
    ];

    /// <summary>The order of the field <see cref="Order"/>.</summary>
    public static OrderStatusDocument Read(RedisValue stored) =>
        JsonSerializer.Deserialize((ReadOnlySpan<byte>)(byte[])stored!, ReadModelsJson.Default.OrderStatusDocument)!;

    /// <summary>The key of an order.</summary>
    public static string KeyOf(int generation, string orderId) => $"{Sink.NameOf("order", generation)}:{orderId}";
}
