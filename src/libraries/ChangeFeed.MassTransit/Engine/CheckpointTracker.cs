namespace ChangeFeed.MassTransit.Engine;

/// <summary>A page under way, and how many of its events are not finished yet.</summary>
internal sealed class TrackedPage(FeedPage page, int unfinished)
{
    public FeedPage Page { get; } = page;

    public int Unfinished { get; set; } = unfinished;

    /// <summary>Documents in it, also those nobody wanted.</summary>
    public int Size { get; } = page.Documents.Count;

    /// <summary>Ends when this page and all before it are finished.</summary>
    public TaskCompletionSource Passed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>
/// Knows how far a partition may be checkpointed: up to the last page before which, and in which, every event is finished. Streams
/// run in parallel and pages overlap, so pages finish in any order; a checkpoint never jumps a gap.
/// </summary>
internal sealed class CheckpointTracker
{
    private readonly Lock _lock = new();
    private readonly Queue<TrackedPage> _pages = new();
    private FeedPage? _ready;
    private int _inFlight;
    private int _uncheckpointed;
    private (int AtMost, TaskCompletionSource Reached)? _waiter;

    /// <summary>Events that are accepted and not finished.</summary>
    public int InFlight
    {
        get { lock (_lock) return _inFlight; }
    }

    /// <summary>When the oldest unfinished page was written; null when nothing is under way.</summary>
    public DateTimeOffset? Oldest
    {
        get { lock (_lock) return _pages.TryPeek(out var first) ? first.Page.WrittenAt : null; }
    }

    public TrackedPage Add(FeedPage page, int events)
    {
        lock (_lock)
        {
            var tracked = new TrackedPage(page, events);
            _pages.Enqueue(tracked);
            _inFlight += events;
            _uncheckpointed += tracked.Size;
            if (events == 0)
                page.Dispose();
            Advance();
            return tracked;
        }
    }

    /// <summary>One event of the page is finished. True when that made a new checkpoint possible.</summary>
    public bool Finish(TrackedPage page)
    {
        lock (_lock)
        {
            _inFlight--;
            if (--page.Unfinished > 0)
                return false;
            page.Page.Dispose(); // its turn to be checkpointed may be far away
            return Advance();
        }
    }

    /// <summary>The page to checkpoint next, null when there is none newer than the last one taken.</summary>
    public FeedPage? TakeReady()
    {
        lock (_lock)
        {
            var ready = _ready;
            _ready = null;
            return ready;
        }
    }

    /// <summary>Puts a page back whose checkpoint failed, unless a newer one is ready.</summary>
    public void PutBack(FeedPage page)
    {
        lock (_lock)
            _ready ??= page;
    }

    /// <summary>Ends when everything that is in flight now is finished, whatever is added meanwhile.</summary>
    public Task WhenPassed()
    {
        lock (_lock)
            return _pages.LastOrDefault()?.Passed.Task ?? Task.CompletedTask;
    }

    /// <summary>
    /// Ends when no more than <paramref name="documents"/> documents lie between the first unfinished event and the last that was read.
    /// One caller at a time.
    /// </summary>
    public Task WhenAtMost(int documents)
    {
        lock (_lock)
        {
            if (_uncheckpointed <= documents)
                return Task.CompletedTask;
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiter = (documents, reached);
            return reached.Task;
        }
    }

    private bool Advance()
    {
        var moved = false;
        while (_pages.TryPeek(out var first) && first.Unfinished == 0)
        {
            _pages.Dequeue();
            _ready = first.Page;
            _uncheckpointed -= first.Size;
            first.Passed.SetResult();
            moved = true;
        }

        if (_waiter is { } waiter && _uncheckpointed <= waiter.AtMost)
        {
            _waiter = null;
            waiter.Reached.SetResult();
        }

        return moved;
    }
}
