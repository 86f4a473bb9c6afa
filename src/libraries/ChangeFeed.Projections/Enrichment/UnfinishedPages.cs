namespace ChangeFeed.Projections.Enrichment;

/// <summary>
/// The pages of one tenure of a lease that are not finished, in their order. A place is noted only when nothing before it is unfinished, so a
/// crash repeats and never skips. What is kept grows with the pages that are unfinished, not with those that are finished behind them.
/// </summary>
/// <param name="tenure">Ends with the tenure.</param>
internal sealed class UnfinishedPages(CancellationToken tenure)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<Page> _pages = new();
    private readonly SemaphoreSlim _checkpointing = new(1);
    private Func<Task>? _due;

    /// <summary>Ends with the tenure.</summary>
    public CancellationToken Tenure => tenure;

    /// <summary>Pages that are kept.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _pages.Count;
        }
    }

    /// <summary>A page was read: it is behind all others.</summary>
    /// <param name="checkpoint">Notes the place behind it.</param>
    /// <returns>To be given to <see cref="FinishAsync"/>.</returns>
    public LinkedListNode<Page> Add(Func<Task> checkpoint)
    {
        lock (_lock)
            return _pages.AddLast(new Page(checkpoint));
    }

    /// <summary>All of a page is handled: notes the place as far as everything is.</summary>
    public async Task FinishAsync(LinkedListNode<Page> page)
    {
        lock (_lock)
        {
            page.Value.Finished = true;
            // Of finished pages behind an unfinished one, the last says it all.
            if (page.Previous is { Value.Finished: true } before)
                _pages.Remove(before);
            if (page.Next is { Value.Finished: true })
                _pages.Remove(page);
            while (_pages.First is { Value.Finished: true } first)
            {
                _due = first.Value.Checkpoint;
                _pages.RemoveFirst();
            }
        }

        await _checkpointing.WaitAsync(tenure);
        try
        {
            if (Interlocked.Exchange(ref _due, null) is { } checkpoint)
                await checkpoint();
        }
        finally
        {
            _checkpointing.Release();
        }
    }

    /// <summary>A page.</summary>
    internal sealed class Page(Func<Task> checkpoint)
    {
        public Func<Task> Checkpoint { get; } = checkpoint;

        public bool Finished { get; set; }
    }
}
