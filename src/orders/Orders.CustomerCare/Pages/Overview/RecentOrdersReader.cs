using System.Net;
using ChangeFeed.MassTransit;
using Microsoft.Azure.Cosmos;
using Orders.Contracts;
using Orders.Hosting;

namespace Orders.CustomerCare.Pages.Overview;

/// <summary>Follows the feed of events from a quarter of an hour ago.</summary>
internal sealed class RecentOrdersReader(OrdersDatabase database, TimeProvider time, ILogger<RecentOrdersReader> logger)
    : OnDemandPoller<RecentSnapshot>(time, TimeSpan.FromSeconds(1), logger)
{
    // While a long quarter of an hour is read for the first time.
    private static readonly TimeSpan Partly = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _time = time;
    private RecentOrders _orders = new();
    private FeedReadOptions _from = new();
    private bool _complete;
    private RecentSnapshot? _seen;
    private long _seenAt;

    protected override void Begin()
    {
        _orders = new RecentOrders();
        _from = new FeedReadOptions { Since = _time.GetUtcNow() - RecentOrders.Window };
        _complete = false;
        _seen = null;
    }

    protected override async Task<RecentSnapshot> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await ReadOnAsync(cancellationToken);
        }
        catch (CosmosException e) when (e.StatusCode == HttpStatusCode.BadRequest && _from.Position is not null)
        {
            Begin(); // the events have moved to a container where the position means nothing
            throw;
        }
    }

    private async Task<RecentSnapshot> ReadOnAsync(CancellationToken cancellationToken)
    {
        await foreach (var page in new ChangeFeedReader(database.Events, OrderEvents.Map).ReadAsync(_from, cancellationToken))
        {
            foreach (var e in page.Events)
                _orders.Apply(e);
            _from = new FeedReadOptions { Position = page.Position };
            if (!_complete && (_seen is null || _time.GetElapsedTime(_seenAt) > Partly))
                Publish(Look(complete: false));
        }

        _complete = true;
        return Look(complete: true);
    }

    /// <summary>Looking goes through all orders of the window: not done where nothing can be new.</summary>
    private RecentSnapshot Look(bool complete)
    {
        var now = _time.GetUtcNow();
        if (_seen is null || _seen.Complete != complete || _seen.Revision != _orders.Revision(now))
            _seen = _orders.Look(now, complete);
        _seenAt = _time.GetTimestamp();
        return _seen;
    }
}
