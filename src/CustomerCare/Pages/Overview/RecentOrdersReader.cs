using OrderPipeline.ChangeFeed;
using OrderPipeline.Contracts;
using OrderPipeline.ServiceDefaults;

namespace OrderPipeline.CustomerCare.Pages.Overview;

/// <summary>Follows the feed of events from a quarter of an hour ago.</summary>
internal sealed class RecentOrdersReader(OrdersDatabase database, TimeProvider time, ILogger<RecentOrdersReader> logger)
    : Watched<RecentSnapshot>(time, TimeSpan.FromSeconds(1), logger)
{
    private readonly TimeProvider _time = time;
    private RecentOrders _orders = new();
    private FeedReadOptions _from = new();
    private bool _complete;

    protected override void Begin()
    {
        _orders = new RecentOrders();
        _from = new FeedReadOptions { Since = _time.GetUtcNow() - RecentOrders.Window };
        _complete = false;
    }

    protected override async Task<RecentSnapshot> ReadAsync(CancellationToken cancellationToken)
    {
        await foreach (var page in new ChangeFeedReader(database.Events, OrderEvents.Map).ReadAsync(_from, cancellationToken))
        {
            foreach (var e in page.Events)
                _orders.Apply(e);
            _from = new FeedReadOptions { Position = page.Position };
            if (!_complete)
                Publish(_orders.Look(_time.GetUtcNow(), complete: false));
        }

        _complete = true;
        return _orders.Look(_time.GetUtcNow(), complete: true);
    }
}
