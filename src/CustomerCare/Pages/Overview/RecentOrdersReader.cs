using Microsoft.Azure.Cosmos;
using OrderPipeline.ChangeFeed;
using OrderPipeline.Contracts;
using OrderPipeline.ServiceDefaults;

namespace OrderPipeline.CustomerCare.Pages.Overview;

/// <summary>Follows the feed of events while somebody looks at the overview, and reads nothing while nobody does.</summary>
internal sealed class RecentOrdersReader(OrdersDatabase database, TimeProvider time, ILogger<RecentOrdersReader> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly SemaphoreSlim _wanted = new(0, 1);
    private long _lastLook;
    private volatile RecentSnapshot? _latest;

    /// <summary>The latest news; null until there are any.</summary>
    public RecentSnapshot? Look()
    {
        Interlocked.Exchange(ref _lastLook, time.GetTimestamp());
        if (_wanted.CurrentCount == 0)
        {
            try
            {
                _wanted.Release();
            }
            catch (SemaphoreFullException)
            {
                // Somebody else looked at the same moment.
            }
        }

        return _latest;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await _wanted.WaitAsync(stoppingToken);
            await FollowAsync(stoppingToken);
            _latest = null; // old news would be taken for new ones
        }
    }

    private async Task FollowAsync(CancellationToken stop)
    {
        var orders = new RecentOrders();
        var reader = new ChangeFeedReader(database.Events, OrderEvents.Map);
        var options = new FeedReadOptions { Since = time.GetUtcNow() - RecentOrders.Window };
        while (time.GetElapsedTime(Interlocked.Read(ref _lastLook)) < Patience)
        {
            try
            {
                await foreach (var page in reader.ReadAsync(options, stop))
                {
                    foreach (var e in page.Events)
                        orders.Apply(e);
                    options = new FeedReadOptions { Position = page.Position };
                    if (_latest is not { Complete: true })
                        _latest = orders.Look(time.GetUtcNow(), complete: false);
                }

                _latest = orders.Look(time.GetUtcNow(), complete: true);
            }
            catch (Exception e) when (e is CosmosException or HttpRequestException or OperationCanceledException && !stop.IsCancellationRequested)
            {
                logger.LogWarning("The events cannot be followed, trying again: {Problem}", e.Message);
            }

            await Task.Delay(Pause, time, stop);
        }
    }
}
