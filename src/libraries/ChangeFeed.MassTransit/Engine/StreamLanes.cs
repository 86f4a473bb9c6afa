namespace ChangeFeed.MassTransit.Engine;

/// <summary>
/// Runs work stream by stream: one piece at a time and in order within a stream, several streams at once. A stream whose work asks to
/// be tried later waits without holding one of the places.
/// </summary>
/// <param name="concurrency">How many streams run at once.</param>
/// <param name="time">The clock of the waits.</param>
/// <param name="stop">Ends everything: what runs is told, what waits is dropped.</param>
internal sealed class StreamLanes(int concurrency, TimeProvider time, CancellationToken stop)
{
    /// <summary>A piece of work. Null when it is finished, else how long to wait before it is tried again.</summary>
    internal delegate Task<TimeSpan?> Work(CancellationToken cancellationToken);

    private sealed class Lane(string stream)
    {
        public string Stream { get; } = stream;

        public Queue<Work> Waiting { get; } = new();

        /// <summary>The work being run: the queue itself is touched under the lock only.</summary>
        public Work Head { get; set; } = null!;
    }

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Lane> _lanes = new(StringComparer.Ordinal);
    private readonly Queue<Lane> _ready = new();
    private TaskCompletionSource _idle = Completed();
    private bool _closed;
    private readonly int _concurrency = concurrency;
    private int _limit = concurrency;
    private int _running;

    public void Enqueue(string stream, Work work)
    {
        lock (_lock)
        {
            if (!_lanes.TryGetValue(stream, out var lane))
            {
                _lanes.Add(stream, lane = new Lane(stream));
                _ready.Enqueue(lane);
            }

            lane.Waiting.Enqueue(work);
        }

        Pump();
    }

    /// <summary>At most so many streams start from now on, never more than the given concurrency; what runs goes on.</summary>
    public void SetLimit(int limit)
    {
        lock (_lock)
            _limit = Math.Min(limit, _concurrency);
        Pump();
    }

    /// <summary>Starts nothing more. Ends when what runs has ended.</summary>
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
            while (_running < _limit && Next() is { } lane)
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
                again = await lane.Head(stop);
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
                lane.Waiting.Dequeue();
                if (lane.Waiting.Count == 0)
                    _lanes.Remove(lane.Stream);
                else
                    _ready.Enqueue(lane);
            }

            var next = _running <= _limit ? Next() : null;
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
        if (_closed || stop.IsCancellationRequested || !_ready.TryDequeue(out var lane))
            return null;
        lane.Head = lane.Waiting.Peek();
        return lane;
    }

    private static TaskCompletionSource Completed()
    {
        var done = new TaskCompletionSource();
        done.SetResult();
        return done;
    }
}
