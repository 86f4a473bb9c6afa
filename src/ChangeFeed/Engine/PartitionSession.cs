using Microsoft.Extensions.Logging;

namespace OrderPipeline.ChangeFeed.Engine;

/// <summary>How much a partition does at once.</summary>
/// <param name="ConcurrentStreams">Streams handled at the same time.</param>
/// <param name="MaxInFlight">Events accepted and not finished before the next page is asked for; 0: pages do not overlap.</param>
/// <param name="CheckpointInterval">Time between two checkpoints.</param>
internal sealed record SessionLimits(int ConcurrentStreams, int MaxInFlight, TimeSpan CheckpointInterval);

/// <summary>One tenure of one lease: from the first page after it was acquired until it is lost or given back.</summary>
internal sealed class PartitionSession
{
    private readonly SessionLimits _limits;
    private readonly IEventHandling _handling;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _ended;
    private readonly CheckpointTracker _tracker = new();
    private readonly StreamLanes<(FeedItem Item, TrackedPage Page)> _lanes;
    private readonly SemaphoreSlim _checkpointing = new(1);
    private int _checkpointDue;

    public PartitionSession(
        string lease, CancellationToken tenure, SessionLimits limits, IEventHandling handling, TimeProvider time, ILogger logger)
    {
        Lease = lease;
        Tenure = tenure;
        _limits = limits;
        _handling = handling;
        _time = time;
        _logger = logger;
        _ended = CancellationTokenSource.CreateLinkedTokenSource(tenure);
        _lanes = new(limits.ConcurrentStreams, HandleAsync, time, _ended.Token);
    }

    public string Lease { get; }

    /// <summary>Ends when the lease is lost or given back.</summary>
    public CancellationToken Tenure { get; }

    /// <summary>Events accepted and not finished.</summary>
    public int InFlight => _tracker.InFlight;

    /// <summary>Takes a page; ends when there is room for the next one.</summary>
    public async Task AcceptAsync(FeedPage page)
    {
        var items = page.Documents.Select(document => FeedItem.Read(page.Lease, document)).Where(_handling.Wants).ToList();
        var tracked = _tracker.Add(page, items.Count);
        if (items.Count == 0)
            ScheduleCheckpoint();
        foreach (var item in items)
            _lanes.Enqueue(item.Stream, (item, tracked));
        await _tracker.WhenAtMost(_limits.MaxInFlight).WaitAsync(_ended.Token);
    }

    /// <summary>Waits until every event accepted so far is finished; throws when the session ends before that.</summary>
    public Task DrainAsync() => _tracker.WhenPassed().WaitAsync(_ended.Token);

    public void SetPaused(bool paused) => _lanes.SetPaused(paused);

    /// <summary>
    /// Starts nothing more, lets what runs finish until <paramref name="deadline"/>, abandons the rest, and checkpoints what is finished.
    /// What is abandoned comes again, to whoever owns the partition next.
    /// </summary>
    public async Task CloseAsync(CancellationToken deadline)
    {
        var idle = _lanes.CloseAsync();
        await using (deadline.Register(_ended.Cancel))
        {
            // A consumer that heeds its token ends now; one that does not is not waited for: its process is about to end, or its
            // lease to move, and its effects are conditional.
            try
            {
                await idle.WaitAsync(deadline);
            }
            catch (OperationCanceledException)
            {
                await Task.WhenAny(idle, Task.Delay(TimeSpan.FromSeconds(1), _time, CancellationToken.None));
            }
        }

        if (!Tenure.IsCancellationRequested)
            await CheckpointAsync();
        await _ended.CancelAsync();
    }

    private async Task<TimeSpan?> HandleAsync((FeedItem Item, TrackedPage Page) work, CancellationToken cancellationToken)
    {
        var again = await _handling.HandleAsync(work.Item, cancellationToken);
        if (again is null && _tracker.Finish(work.Page))
            ScheduleCheckpoint();
        return again;
    }

    private void ScheduleCheckpoint()
    {
        if (Interlocked.Exchange(ref _checkpointDue, 1) == 0)
            _ = CheckpointLaterAsync();
    }

    private async Task CheckpointLaterAsync()
    {
        try
        {
            await Task.Delay(_limits.CheckpointInterval, _time, _ended.Token);
        }
        catch (OperationCanceledException)
        {
            return; // the end of the session writes its own last checkpoint
        }

        Interlocked.Exchange(ref _checkpointDue, 0);
        if (!await CheckpointAsync())
            ScheduleCheckpoint();
    }

    private async Task<bool> CheckpointAsync()
    {
        await _checkpointing.WaitAsync(CancellationToken.None);
        try
        {
            var page = _tracker.TakeReady();
            if (page is null || Tenure.IsCancellationRequested)
                return true;
            try
            {
                await page.CheckpointAsync();
                return true;
            }
            catch (Exception e)
            {
                _tracker.PutBack(page);
                _logger.LogWarning(e, "Lease {Lease}: the checkpoint failed; it is tried again, and until it succeeds a crash repeats more events.", Lease);
                return false;
            }
        }
        finally
        {
            _checkpointing.Release();
        }
    }
}
