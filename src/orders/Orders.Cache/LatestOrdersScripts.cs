using System.Globalization;
using ChangeFeed.Sinks;
using Orders.ReadModels;
using StackExchange.Redis;

namespace Orders.Cache;

/// <summary>
/// A customer's latest orders: a sorted set of the ids by when they were placed, in microseconds, and a member that says from when on it has
/// all of them. The orders themselves are where they are. Ids are added by events and by readers in any order and any number of times.
/// </summary>
internal static class LatestOrdersScripts
{
    /// <summary>The member whose score says after when all orders of the customer are in the set; less than nothing where all there ever were are.</summary>
    public const string From = "from";

    /// <summary>The score of <see cref="From"/> where the set has all orders.</summary>
    public const long Everything = -1;

    /// <summary>Most orders of a customer that are kept here.</summary>
    public const int MaxOrders = 100;

    /// <summary>
    /// Adds orders. A <c>from</c> that is given is what a view had all of; two of them that are both right make the earlier right. What is too
    /// much goes, and <c>from</c> moves up to it.
    /// </summary>
    public const string Add = """
        local from = redis.call('ZSCORE', KEYS[1], 'from')
        if ARGV[1] ~= '' and (not from or tonumber(ARGV[1]) < tonumber(from)) then from = ARGV[1] end
        redis.call('ZREM', KEYS[1], 'from')
        for i = 4, #ARGV, 2 do redis.call('ZADD', KEYS[1], ARGV[i], ARGV[i + 1]) end
        local extra = redis.call('ZCARD', KEYS[1]) - tonumber(ARGV[2])
        if extra > 0 then
          local latest = redis.call('ZRANGE', KEYS[1], extra - 1, extra - 1, 'WITHSCORES')
          redis.call('ZREMRANGEBYRANK', KEYS[1], 0, extra - 1)
          if from and tonumber(latest[2]) > tonumber(from) then from = latest[2] end
        end
        if from then redis.call('ZADD', KEYS[1], from, 'from') end
        redis.call('PEXPIRE', KEYS[1], ARGV[3])
        return 1
        """;

    /// <summary>What <see cref="Add"/> is given.</summary>
    /// <param name="from">From when on these are all; null where they are only some.</param>
    /// <param name="keep">How long the set stays.</param>
    /// <param name="orders">The orders.</param>
    public static RedisValue[] Values(long? from, TimeSpan keep, params IEnumerable<OrderStatusDocument> orders) =>
    [
        from?.ToString(CultureInfo.InvariantCulture) ?? "",
        MaxOrders,
        (long)keep.TotalMilliseconds,
        .. orders.SelectMany(order => new RedisValue[] { ScoreOf(order), order.Id }),
    ];

    /// <summary>When an order was placed, as the set has it.</summary>
    public static long ScoreOf(OrderStatusDocument order) => (order.PlacedAt - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    /// <summary>The key of a customer's orders.</summary>
    public static string KeyOf(int generation, string customerId) => $"{Sink.NameOf("customer", generation)}:{customerId}:orders";
}
