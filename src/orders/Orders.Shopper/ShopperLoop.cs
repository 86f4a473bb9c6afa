using System.Diagnostics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Orders.Shopper;

/// <summary>Shops at a rate, from the start or when told to, until it is told to stop.</summary>
public sealed class ShopperLoop : BackgroundService
{
    /// <summary>Name of the activity source.</summary>
    public const string ActivitySourceName = "Orders.Shopper";

    private const int MaxAtOnce = 64;
    private const string OrderId = "eventstore.stream.id";

    private static readonly ActivitySource Source = new(ActivitySourceName);

    private readonly OrdersApiClient _orders;
    private readonly TimeProvider _time;
    private readonly ILogger<ShopperLoop> _logger;
    private readonly ShoppingList _list;
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _free = new(MaxAtOnce);
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ShopperStatus _status;

    internal ShopperLoop(OrdersApiClient orders, IOptions<ShopperOptions> options, TimeProvider time, ILogger<ShopperLoop> logger)
    {
        _orders = orders;
        _time = time;
        _logger = logger;
        _list = new ShoppingList(options.Value.Seed is { } seed ? new Random(seed) : new Random());
        _status = new ShopperStatus(OrderRate.TryParse(options.Value.Rate, out var rate) ? rate : null, 0, null);
    }

    /// <summary>What it does now.</summary>
    public ShopperStatus Status
    {
        get
        {
            lock (_lock)
                return _status;
        }
    }

    /// <summary>Shops at this rate from now on; null: not at all.</summary>
    public void Shop(OrderRate? rate)
    {
        TaskCompletionSource before;
        lock (_lock)
        {
            _status = _status with { Rate = rate, Problem = null };
            before = _changed;
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        before.TrySetResult();
    }

    /// <summary>Places one order that ends well, and returns its id.</summary>
    /// <exception cref="ShopperException">It could not be placed.</exception>
    public async Task<string> PlaceOneAsync(CancellationToken cancellationToken)
    {
        ShopperOrder order;
        lock (_lock)
            order = _list.NextCompleted();
        return await PlaceAsync(order, cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var due = _time.GetTimestamp();
        while (!stoppingToken.IsCancellationRequested)
        {
            var (rate, changed) = Now();
            if (rate is not { } shopping)
            {
                await changed.WaitAsync(stoppingToken);
                due = _time.GetTimestamp();
                continue;
            }

            await _free.WaitAsync(stoppingToken);
            _ = ShopOnceAsync(Next(), stoppingToken);

            // Counted from when this order was due, so that the rate holds however long a turn takes; more than a second is not made up for.
            due = Math.Max(due + (long)(shopping.Pause.TotalSeconds * _time.TimestampFrequency), _time.GetTimestamp() - _time.TimestampFrequency);
            var pause = _time.GetElapsedTime(_time.GetTimestamp(), due);
            if (pause > TimeSpan.Zero)
                await Task.WhenAny(Task.Delay(pause, _time, stoppingToken), changed);
        }
    }

    // Something asynchronous begins: the order's trace, from here to the mail.
    private static Activity? StartTrace(string what) => Source.StartActivity(what, ActivityKind.Producer);

    private (OrderRate? Rate, Task Changed) Now()
    {
        lock (_lock)
            return (_status.Rate, _changed.Task);
    }

    private ShopperOrder Next()
    {
        lock (_lock)
            return _list.Next();
    }

    private async Task ShopOnceAsync(ShopperOrder order, CancellationToken stop)
    {
        try
        {
            var id = await PlaceAsync(order, stop);
            if (order is { CancelAfter: { } wait, CancelReason: { } reason })
            {
                await Task.Delay(wait, _time, stop);
                using var cancelling = StartTrace("cancel order")?.SetTag(OrderId, id);
                await _orders.CancelAsync(id, reason, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Whoever stops the shopper does not wait for its orders.
        }
        catch (ShopperException e)
        {
            _logger.LogWarning("{Problem}", e.Message);
            lock (_lock)
                _status = _status with { Problem = e.Message };
        }
        finally
        {
            _free.Release();
        }
    }

    private async Task<string> PlaceAsync(ShopperOrder order, CancellationToken cancellationToken)
    {
        using var placing = StartTrace("place order");
        var id = await _orders.PlaceAsync(order, cancellationToken);
        placing?.SetTag(OrderId, id);
        lock (_lock)
            _status = _status with { Placed = _status.Placed + 1, Problem = null };
        return id;
    }
}

/// <summary>What the shopper does.</summary>
/// <param name="Rate">How fast it shops; null while it does not.</param>
/// <param name="Placed">Orders placed since the service started.</param>
/// <param name="Problem">Why the last order could not be placed; null when it was.</param>
public sealed record ShopperStatus(OrderRate? Rate, long Placed, string? Problem);
