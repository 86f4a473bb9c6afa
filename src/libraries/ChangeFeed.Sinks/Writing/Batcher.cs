using Microsoft.Extensions.Logging;

namespace ChangeFeed.Sinks.Writing;

/// <summary>
/// Gathers what comes one by one into batches and has them written one after the other. Whoever gives something waits until it is safe:
/// that is the back-pressure, and what keeps the checkpoint behind the outside.
/// </summary>
internal sealed class Batcher<TItem>(string name, ISink<TItem> sink, SinkOptions options, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    private sealed class Waiting(string key, TItem item)
    {
        public string Key => key;

        public TItem Item => item;

        public TaskCompletionSource Written { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private readonly Lock _lock = new();
    private readonly LinkedList<Waiting> _waiting = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly BatchWriter<TItem> _writer = new(name, sink, options, time, logger);
    private TaskCompletionSource? _full;
    private Task _running = Task.CompletedTask;
    private bool _isRunning;

    /// <summary>Returns when the item is safe outside.</summary>
    /// <param name="key">What it is of; a batch has each key once, and those of one key are written in the order they came.</param>
    /// <param name="item">What is to be written.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="SinkUnavailableException">The outside takes nothing, or not soon enough.</exception>
    public async Task WriteAsync(string key, TItem item, CancellationToken cancellationToken)
    {
        var waiting = new Waiting(key, item);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_stop.IsCancellationRequested, this);
            _waiting.AddLast(waiting);
            if (_waiting.Count >= options.BatchSize)
                _full?.TrySetResult();
            if (!_isRunning)
            {
                _isRunning = true;
                _running = Task.Run(RunAsync, CancellationToken.None);
            }
        }

        try
        {
            await waiting.Written.Task.WaitAsync(options.MaxWait, time, cancellationToken);
        }
        catch (TimeoutException e)
        {
            throw new SinkUnavailableException($"Sink '{name}' did not get to it within {options.MaxWait}, as MaxWait says: the outside is too slow.", e);
        }
        finally
        {
            lock (_lock)
                _waiting.Remove(waiting);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
        if (sink is IAsyncDisposable asynchronous)
            await asynchronous.DisposeAsync();
        else
            (sink as IDisposable)?.Dispose();
    }

    private async Task RunAsync()
    {
        await FillAsync();
        while (Take() is { Count: > 0 } batch)
        {
            var failures = await _writer.WriteAsync([.. batch.Select(waiting => waiting.Item)], _stop.Token);
            foreach (var (waiting, failure) in batch.Zip(failures))
            {
                if (failure is null)
                    waiting.Written.TrySetResult();
                else if (waiting.Written.TrySetException(failure))
                    _ = waiting.Written.Task.Exception; // nobody may be waiting any more
            }
        }
    }

    /// <summary>Waits a moment for more, where nothing is being written that the next batch could gather behind.</summary>
    private async Task FillAsync()
    {
        if (options.BatchDelay == TimeSpan.Zero)
            return;
        Task full;
        lock (_lock)
        {
            _full = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_waiting.Count >= options.BatchSize)
                return;
            full = _full.Task;
        }

        await Task.WhenAny(full, Task.Delay(options.BatchDelay, time, _stop.Token));
    }

    private List<Waiting> Take()
    {
        lock (_lock)
        {
            var keys = new HashSet<string>(StringComparer.Ordinal);
            var batch = _stop.IsCancellationRequested ? [] : _waiting.Where(waiting => keys.Add(waiting.Key)).Take(options.BatchSize).ToList();
            foreach (var waiting in batch)
                _waiting.Remove(waiting);
            if (batch.Count > 0)
                return batch;
            foreach (var left in _waiting)
                left.Written.TrySetCanceled(CancellationToken.None);
            _isRunning = false;
            return batch;
        }
    }
}
