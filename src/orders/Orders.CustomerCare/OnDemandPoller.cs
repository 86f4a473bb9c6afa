using Microsoft.Azure.Cosmos;

namespace Orders.CustomerCare;

/// <summary>News that cost something to get: read again and again while somebody looks, and not at all while nobody does.</summary>
internal abstract class OnDemandPoller<T>(TimeProvider time, TimeSpan pause, ILogger logger) : BackgroundService
    where T : class
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan FirstNews = TimeSpan.FromMilliseconds(200);

    private readonly Lock _lock = new();
    private TaskCompletionSource _wanted = NewSignal();
    private TaskCompletionSource _news = NewSignal();
    private long _lastLook;
    private T? _latest;

    /// <summary>The latest news; null where there are none a moment after the first look.</summary>
    public async Task<T?> LatestAsync(CancellationToken cancellationToken)
    {
        Task news;
        lock (_lock)
        {
            _lastLook = time.GetTimestamp();
            _wanted.TrySetResult();
            if (_latest is not null)
                return _latest;
            news = _news.Task;
        }

        await Task.WhenAny(news, Task.Delay(FirstNews, time, cancellationToken));
        lock (_lock)
            return _latest;
    }

    /// <summary>Somebody begins to look: nothing of what was read before is known any more.</summary>
    protected virtual void Begin()
    {
    }

    /// <summary>Reads once more.</summary>
    protected abstract Task<T> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Tells what is known already while reading goes on.</summary>
    protected void Publish(T? news)
    {
        lock (_lock)
        {
            _latest = news;
            if (news is null)
                _news = NewSignal();
            else
                _news.TrySetResult();
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await _wanted.Task.WaitAsync(stoppingToken);
            Begin();
            do
            {
                await TryReadAsync(stoppingToken);
                await Task.Delay(pause, time, stoppingToken);
            }
            while (!StoppedLooking());
        }
    }

    private bool StoppedLooking()
    {
        lock (_lock)
        {
            if (time.GetElapsedTime(_lastLook) < Patience)
                return false;
            _wanted = NewSignal();
        }

        Publish(null); // old news would be taken for new ones
        return true;
    }

    private async Task TryReadAsync(CancellationToken stop)
    {
        try
        {
            Publish(await ReadAsync(stop));
        }
        catch (Exception e) when (e is CosmosException or HttpRequestException || (e is OperationCanceledException && !stop.IsCancellationRequested))
        {
            logger.LogWarning("{Name} cannot read the store, trying again: {Problem}", GetType().Name, e.Message);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
