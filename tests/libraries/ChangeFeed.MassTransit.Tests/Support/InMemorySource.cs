using ChangeFeed.MassTransit.Engine;

namespace ChangeFeed.MassTransit.Tests.Support;

/// <summary>Reads some partitions the way the change feed processor does: page after page, and again from the checkpoint after a failure.</summary>
internal sealed class InMemorySource(InMemoryFeed feed, IReadOnlyList<int> partitions, Func<int>? pageSize = null) : IFeedSource
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<int, CancellationTokenSource> _tenures = [];
    private readonly Lock _lock = new();
    private Task _loops = Task.CompletedTask;

    public InMemorySource(InMemoryFeed feed)
        : this(feed, [.. Enumerable.Range(0, feed.Partitions)])
    {
    }

    public bool AllowsOverlappingPages { get; init; } = true;

    public Func<Task>? Starting { get; init; }

    public async Task StartAsync(IFeedObserver observer, CancellationToken cancellationToken)
    {
        if (Starting is not null)
            await Starting();
        _loops = Task.WhenAll(partitions.Select(partition => Task.Run(() => RunAsync(partition, observer), cancellationToken)));
    }

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _loops;
    }

    /// <summary>The lease goes, as if another instance had taken it, and comes back.</summary>
    public void LoseLease(int partition)
    {
        lock (_lock)
            _tenures.GetValueOrDefault(partition)?.Cancel();
    }

    private async Task RunAsync(int partition, IFeedObserver observer)
    {
        var lease = partition.ToString(System.Globalization.CultureInfo.InvariantCulture);
        while (!_stop.IsCancellationRequested)
        {
            using var tenure = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
            lock (_lock)
                _tenures[partition] = tenure;
            await observer.OnLeaseAcquiredAsync(lease);
            try
            {
                await ReadAsync(partition, lease, observer, tenure.Token);
            }
            catch (OperationCanceledException) when (tenure.IsCancellationRequested)
            {
            }
            catch (Exception e)
            {
                await observer.OnErrorAsync(lease, e);
            }

            lock (_lock)
                _tenures.Remove(partition);
            await tenure.CancelAsync();
            await observer.OnLeaseReleasedAsync(lease);
        }
    }

    private async Task ReadAsync(int partition, string lease, IFeedObserver observer, CancellationToken tenure)
    {
        var (number, position) = feed.Acquire(partition);
        while (true)
        {
            tenure.ThrowIfCancellationRequested();
            var (documents, written) = feed.Read(partition, position, pageSize?.Invoke() ?? 10);
            if (documents.Count == 0)
            {
                await written.WaitAsync(tenure);
                continue;
            }

            position += documents.Count;
            var end = position;
            await observer.OnPageAsync(
                new FeedPage(
                    lease,
                    documents,
                    () =>
                    {
                        feed.Checkpoint(partition, number, end);
                        return Task.CompletedTask;
                    }),
                tenure);
        }
    }
}
