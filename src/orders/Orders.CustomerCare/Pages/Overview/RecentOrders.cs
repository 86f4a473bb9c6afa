using ChangeFeed.EventStore;
using Orders.Contracts;
using Orders.Domain;

namespace Orders.CustomerCare.Pages.Overview;

/// <summary>The orders placed within the last quarter of an hour and how far they are, folded from their events as they come.</summary>
internal sealed class RecentOrders
{
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(15);

    /// <summary>As many of each status are named one by one.</summary>
    public const int Latest = 25;

    private readonly Dictionary<string, Order> _orders = [];
    private long _changes;

    private sealed record Order(DateTimeOffset PlacedAt, long Version, OrderStatus Status, DateTimeOffset? ShippedAt);

    /// <summary>Counts one more event. Events of older orders, and those counted before, change nothing.</summary>
    public void Apply(RecordedEvent e)
    {
        var known = _orders.GetValueOrDefault(e.StreamId);
        if (known is null ? e.Data is not OrderPlaced : e.Version != known.Version + 1)
            return;
        _changes++;
        _orders[e.StreamId] = new Order(
            known?.PlacedAt ?? e.Meta.At,
            e.Version,
            OrderState.NextStatus(known?.Status, e.Data) ?? OrderStatus.Placed,
            e.Data is OrderShipped ? e.Meta.At : known?.ShippedAt);
    }

    /// <summary>Another number whenever looking would tell something else.</summary>
    public long Revision(DateTimeOffset now) => Minute(now).UtcTicks + _changes;

    /// <summary>Forgets what was placed before the window, and tells how the rest stands.</summary>
    public RecentSnapshot Look(DateTimeOffset now, bool complete)
    {
        var thisMinute = Minute(now);
        var first = thisMinute - Window + TimeSpan.FromMinutes(1);
        foreach (var (id, _) in _orders.Where(order => order.Value.PlacedAt < first).ToList())
            _orders.Remove(id);

        var byMinute = _orders.Values.ToLookup(order => Minute(order.PlacedAt));
        var times = _orders.Values.Where(order => order.ShippedAt is not null).Select(order => order.ShippedAt!.Value - order.PlacedAt).Order().ToList();
        return new RecentSnapshot(
            Revision(now),
            complete,
            _orders.Values.CountBy(order => order.Status).ToDictionary(),
            LatestOf(_orders),
            _orders.GroupBy(order => order.Value.Status).ToDictionary(g => g.Key, LatestOf),
            [.. Enumerable.Range(0, (int)Window.TotalMinutes).Select(i => MinuteOf(first.AddMinutes(i), byMinute))],
            times.Count == 0 ? null : times[times.Count / 2]);
    }

    private static IReadOnlyList<string> LatestOf(IEnumerable<KeyValuePair<string, Order>> orders) =>
        [.. orders.OrderByDescending(order => order.Value.PlacedAt).Take(Latest).Select(order => order.Key)];

    private static DateTimeOffset Minute(DateTimeOffset time) => new(time.UtcTicks / TimeSpan.TicksPerMinute * TimeSpan.TicksPerMinute, TimeSpan.Zero);

    private static MinuteOfOrders MinuteOf(DateTimeOffset minute, ILookup<DateTimeOffset, Order> orders)
    {
        var done = orders[minute].Count(order => order.Status is OrderStatus.Shipped or OrderStatus.Completed);
        var ended = orders[minute].Count(order => order.Status is OrderStatus.PaymentDeclined or OrderStatus.Rejected or OrderStatus.Cancelled);
        return new MinuteOfOrders(minute, done, ended, orders[minute].Count() - done - ended);
    }
}

/// <summary>The orders placed within one minute.</summary>
/// <param name="At">Its beginning.</param>
/// <param name="Shipped">Those that went out.</param>
/// <param name="Ended">Those that were declined, rejected or cancelled.</param>
/// <param name="Going">Those that have not ended yet.</param>
public sealed record MinuteOfOrders(DateTimeOffset At, int Shipped, int Ended, int Going)
{
    public int All => Shipped + Ended + Going;
}

/// <summary>How the recent orders stand.</summary>
/// <param name="Revision">Another number whenever something has changed.</param>
/// <param name="Complete">Whether all of their events have been counted.</param>
/// <param name="ByStatus">How many there are in each status; a status nobody is in is missing.</param>
/// <param name="Latest">The ids of the latest.</param>
/// <param name="LatestByStatus">The same in each status.</param>
/// <param name="Minutes">One after the other, the current one last.</param>
/// <param name="MedianToShip">Half of those shipped took no longer than that; null when none was.</param>
public sealed record RecentSnapshot(
    long Revision,
    bool Complete,
    IReadOnlyDictionary<OrderStatus, int> ByStatus,
    IReadOnlyList<string> Latest,
    IReadOnlyDictionary<OrderStatus, IReadOnlyList<string>> LatestByStatus,
    IReadOnlyList<MinuteOfOrders> Minutes,
    TimeSpan? MedianToShip)
{
    public int Count => Minutes.Sum(minute => minute.All);

    public int In(OrderStatus status) => ByStatus.GetValueOrDefault(status);
}
