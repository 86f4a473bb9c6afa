namespace OrderPipeline.ChangeFeed.Engine;

/// <summary>
/// Runs items stream by stream: one at a time and in order within a stream, several streams at once. A stream whose item asks to be
/// tried later waits without holding one of the places.
/// </summary>
/// <param name="concurrency">How many streams run at once.</param>
/// <param name="handle">Handles an item; null when it is finished, else how long to wait before it is tried again.</param>
/// <param name="time">The clock of the waits.</param>
/// <param name="stop">Ends everything: what runs is told, what waits is dropped.</param>
internal sealed class StreamLanes<T>(
    int concurrency, Func<T, CancellationToken, Task<TimeSpan?>> handle, TimeProvider time, CancellationToken stop)
{
    private sealed class Lane(string stream)
    {
        public string Stream { get; } = stream;

        public Queue<T> Items { get; } = new();

        /// <summary>The item being run: the queue itself is touched under the lock only.</summary>
        public T Head { get; set; } = default!;
    }

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Lane> _lanes = new(StringComparer.Ordinal);
    private readonly Queue<Lane> _ready = new();
    private TaskCompletionSource _idle = Completed();
    private bool _closed;
    private bool _paused;
    private int _running;

    public void Enqueue(string stream, T item)
    {
        lock (_lock)
        {
            if (!_lanes.TryGetValue(stream, out var lane))
            {
                _lanes.Add(stream, lane = new Lane(stream));
                _ready.Enqueue(lane);
            }

            lane.Items.Enqueue(item);
        }

        Pump();
    }

    /// <summary>While paused, no further item starts; what runs goes on.</summary>
    public void SetPaused(bool paused)
    {
        lock (_lock)
            _paused = paused;
        Pump();
    }

    /// <summary>Starts no further item. Ends when those that run have ended.</summary>
    public Task CloseAsync()
    {
        lock (_lock)
        {
            _closed = true;
            return _idle.Task;
        }
    }

    private void Pump()
    {
        lock (_lock)
        {
            while (_running < concurrency && Next() is { } lane)
            {
                if (_running++ == 0)
                    _idle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _ = Task.Run(() => RunAsync(lane), CancellationToken.None);
            }
        }
    }

    private async Task RunAsync(Lane? lane)
    {
        while (lane is not null)
        {
            TimeSpan? again;
            try
            {
                again = await handle(lane.Head, stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                again = TimeSpan.Zero; // abandoned: it stays first of its stream, and nothing runs any more
            }

            lane = Leave(lane, again);
        }
    }

    private Lane? Leave(Lane lane, TimeSpan? again)
    {
        lock (_lock)
        {
            if (again is { } delay)
                _ = ReadyAfterAsync(lane, delay);
            else
            {
                lane.Items.Dequeue();
                if (lane.Items.Count == 0)
                    _lanes.Remove(lane.Stream);
                else
                    _ready.Enqueue(lane);
            }

            var next = Next();
            if (next is null && --_running == 0)
                _idle.SetResult();
            return next;
        }
    }

    private async Task ReadyAfterAsync(Lane lane, TimeSpan delay)
    {
        try
        {
            await Task.Delay(delay, time, stop);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        lock (_lock)
            _ready.Enqueue(lane);
        Pump();
    }

    // Under the lock.
    private Lane? Next()
    {
        if (_closed || _paused || stop.IsCancellationRequested || !_ready.TryDequeue(out var lane))
            return null;
        lane.Head = lane.Items.Peek();
        return lane;
    }

    private static TaskCompletionSource Completed()
    {
        var done = new TaskCompletionSource();
        done.SetResult();
        return done;
    }
}
