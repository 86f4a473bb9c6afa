using Microsoft.Extensions.Logging;

namespace ChangeFeed.MassTransit.Engine;

/// <summary>How much a partition does at once.</summary>
/// <param name="ConcurrentStreams">Streams handled at the same time.</param>
/// <param name="MaxInFlight">Documents from the first unfinished event on before the next page waits; 0: pages do not overlap.</param>
/// <param name="CheckpointInterval">Time between two checkpoints.</param>
/// <param name="Turn">The turn in which a leg is read; null where there is only one leg, and no other has been.</param>
internal sealed record SessionLimits(int ConcurrentStreams, int MaxInFlight, TimeSpan CheckpointInterval, LegTurn? Turn = null);

/// <summary>One tenure of one lease: from its acquisition until it is lost or given back.</summary>
internal sealed class PartitionSession
{
    private readonly SessionLimits _limits;
    private readonly IEventHandling _handling;
    private readonly StreamLimit _limit;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _ended = new();
    private readonly CheckpointTracker _tracker = new();
    private readonly StreamLanes _lanes;
    private readonly SemaphoreSlim _checkpointing = new(1);
    private readonly DateTimeOffset _since;
    private CancellationTokenRegistration _tenureEnds;
    private bool _prepared;
    private int _checkpointDue;

    public PartitionSession(string lease, SessionLimits limits, IEventHandling handling, StreamLimit limit, TimeProvider time, ILogger logger)
    {
        Lease = lease;
        _limits = limits;
        _handling = handling;
        _limit = limit;
        _time = time;
        _logger = logger;
        LastProgress = _since = time.GetUtcNow();
        _lanes = new(limits.ConcurrentStreams, time, _ended.Token);
        _limit.Add(_lanes);
    }

    public string Lease { get; }

    /// <summary>Ends when the lease is lost or given back; none before the first page.</summary>
    public CancellationToken Tenure { get; private set; }

    /// <summary>True when nothing of it runs any more.</summary>
    public bool HasEnded => _ended.IsCancellationRequested;

    /// <summary>The oldest event that is accepted and not finished, by the time it was written; null when there is none.</summary>
    public DateTimeOffset? OldestUnfinished => _tracker.Oldest;

    /// <summary>When an event was last finished, or a page without any was passed.</summary>
    public DateTimeOffset LastProgress { get; private set; }

    /// <summary>Events accepted and not finished.</summary>
    public int InFlight => _tracker.InFlight;

    /// <summary>Ties the session to the tenure its first page came with.</summary>
    public void Bind(CancellationToken tenure)
    {
        Tenure = tenure;
        _tenureEnds = tenure.Register(_ended.Cancel);
    }

    /// <summary>Takes a page; ends when there is room for the next one.</summary>
    public async Task AcceptAsync(FeedPage page)
    {
        _ended.Token.ThrowIfCancellationRequested();
        await PrepareAsync();
        var places = _limits.Turn is { } turn ? page.Documents.Select(turn.PlaceOf).ToList() : null;
        if (places?.IndexOf(TurnPlace.Behind) is { } end and >= 0)
            await EndTurnAsync(page, places, end);
        Take(page, places);
        await _tracker.WhenAtMost(_limits.MaxInFlight).WaitAsync(_ended.Token);
    }

    /// <summary>Waits until every event accepted so far is finished; throws when the session ends before that.</summary>
    public Task DrainAsync() => _tracker.WhenPassed().WaitAsync(_ended.Token);

    /// <summary>Runs something in the place of an event of the stream: after those accepted so far, before later ones, alone.</summary>
    public async Task RunInStreamAsync(string stream, StreamLanes.Work work)
    {
        await PrepareAsync();
        _lanes.Enqueue(stream, work);
    }

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
        _limit.Remove(_lanes);
        await _ended.CancelAsync();
        await _tenureEnds.DisposeAsync();
    }

    /// <summary>Takes what is before the end of the turn, and no more: what follows is read in a later turn, from there on.</summary>
    private async Task EndTurnAsync(FeedPage page, List<TurnPlace> places, int end)
    {
        if (end > 0)
            Take(page.Until(end), places);
        else
            page.Dispose();
        _limits.Turn!.EndMet.TrySetResult();
        await Task.Delay(Timeout.InfiniteTimeSpan, _time, _ended.Token);
    }

    private void Take(FeedPage page, List<TurnPlace>? places)
    {
        var items = Read(page, places);
        var tracked = _tracker.Add(page, items.Count);
        if (items.Count == 0)
            Progress();
        foreach (var item in items)
            _lanes.Enqueue(item.Stream, cancellationToken => HandleAsync(item, tracked, cancellationToken));
    }

    private List<FeedItem> Read(FeedPage page, List<TurnPlace>? places)
    {
        var wanted = new List<FeedItem>();
        var last = new Dictionary<string, FeedItem>(StringComparer.Ordinal);
        foreach (var (index, document) in page.Documents.Index())
        {
            if (places?[index] == TurnPlace.Elsewhere)
                continue; // handled where it was written
            var item = FeedItem.Read(page.Lease, document) with { OwnedSince = _since };
            _handling.Saw(item);
            if (!_handling.Wants(item))
                continue;
            if (last.TryGetValue(item.Stream, out var before))
                before.Next = item;
            last[item.Stream] = item;
            wanted.Add(item);
        }

        return wanted;
    }

    private async Task PrepareAsync()
    {
        if (_prepared)
            return;
        await _handling.PrepareAsync(Lease, _ended.Token);
        _prepared = true;
    }

    private async Task<TimeSpan?> HandleAsync(FeedItem item, TrackedPage page, CancellationToken cancellationToken)
    {
        var again = await _handling.HandleAsync(item, cancellationToken);
        if (again is null && _tracker.Finish(page))
            Progress();
        return again;
    }

    private void Progress()
    {
        LastProgress = _time.GetUtcNow();
        ScheduleCheckpoint();
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
            catch (FeedLeaseLostException e)
            {
                // Known before the source notices: what still runs here would run there as well.
                _logger.LogInformation(e, "Lease {Lease} went to another instance; what is not finished is left to it.", Lease);
                await _ended.CancelAsync();
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
