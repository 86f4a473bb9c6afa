using ChangeFeed.Sinks;

namespace Orders.Cache;

/// <summary>
/// An order in the cache: a hash with its <c>version</c>, the <c>order</c> as the events say, and the <c>names</c> it shows with the time at
/// which the view had them. One that is erased keeps its version alone, so that nothing late brings it back.
/// </summary>
internal static class OrderScripts
{
    /// <summary>Writes what events made of an order, over an older version only. An empty order erases.</summary>
    public const string Write = """
        local there = redis.call('HGET', KEYS[1], 'version')
        if there and tonumber(there) >= tonumber(ARGV[1]) then return 0 end
        if ARGV[2] == '' then redis.call('DEL', KEYS[1]) else redis.call('HSET', KEYS[1], 'order', ARGV[2]) end
        redis.call('HSET', KEYS[1], 'version', ARGV[1])
        redis.call('PEXPIRE', KEYS[1], ARGV[3])
        return 1
        """;

    /// <summary>Adds the names that a view had, and its order where that is newer; nothing to one that is erased.</summary>
    public const string Fill = """
        local there = redis.call('HGET', KEYS[1], 'version')
        if there and tonumber(there) >= tonumber(ARGV[1]) then
          if redis.call('HEXISTS', KEYS[1], 'order') == 0 then return 0 end
        else
          redis.call('HSET', KEYS[1], 'version', ARGV[1], 'order', ARGV[2])
        end
        redis.call('HSET', KEYS[1], 'names', ARGV[3], 'names-at', ARGV[4])
        redis.call('PEXPIRE', KEYS[1], ARGV[5])
        return 1
        """;

    /// <summary>The key of an order.</summary>
    public static string KeyOf(int generation, string orderId) => $"{Sink.NameOf("order", generation)}:{orderId}";
}
