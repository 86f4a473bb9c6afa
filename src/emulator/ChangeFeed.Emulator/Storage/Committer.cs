using ChangeFeed.Emulator.Model;
using ChangeFeed.Emulator.Storage.Sqlite;

namespace ChangeFeed.Emulator.Storage;

/// <summary>
/// One writer at a time. A write that finds nobody writing is committed at once on its own thread, without a switch to another.
/// What arrives meanwhile is taken over by the committer's own thread, which runs everything that waits in one transaction, commits, and
/// only then answers: under load many writes share one flush to disk, alone a write waits for nobody.
/// </summary>
internal sealed class Committer : IDisposable
{
    private const int MaxGroup = 1024;

    // An object, not a Lock: Monitor.Wait and PulseAll need one.
    private readonly object _lock = new();
    private readonly IStore _store;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Thread _thread;
    private Queue<WriteCommand> _waiting = [];
    private Queue<WriteCommand> _draining = [];
    private long _lastSecond;

    // Someone is writing: a caller, or the committer's thread once it was handed the queue.
    private bool _busy;
    private bool _handedOver;
    private bool _stopped;

    public Committer(IStore store, TimeProvider time, ILogger log)
    {
        (_store, _time, _log) = (store, time, log);
        _thread = new(Work) { IsBackground = true, Name = "writer" };
        _thread.Start();
    }

    public Task<T> RunAsync<T>(WriteCommand<T> command)
    {
        lock (_lock)
        {
            if (_stopped)
                throw new CosmosErrorException(503, "ServiceUnavailable", "The endpoint is stopping.");
            if (_busy)
            {
                _waiting.Enqueue(command);
                return command.Task;
            }
            _busy = true;
        }

        Commit([command]);
        Release();
        return command.Task;
    }

    public Task<T> RunAsync<T>(Func<WriteContext, T> change) => RunAsync(new MetadataCommand<T>(change));

    /// <summary>The caller answers its client; what has come meanwhile is left to the committer's thread.</summary>
    private void Release()
    {
        lock (_lock)
        {
            _handedOver = _waiting.Count > 0;
            _busy = _handedOver;
            if (_handedOver || _stopped)
                Monitor.PulseAll(_lock);
        }
    }

    private void Work()
    {
        var group = new List<WriteCommand>(MaxGroup);
        while (Drain())
        {
            while (_draining.Count > 0)
            {
                group.Clear();
                do
                    group.Add(_draining.Dequeue());
                while (group.Count < MaxGroup && _draining.Count > 0 && !group[^1].Exclusive && !_draining.Peek().Exclusive);
                Commit(group);
            }
        }
    }

    /// <summary>Waits until there is something for this thread; false when it is to end.</summary>
    private bool Drain()
    {
        lock (_lock)
        {
            if (_waiting.Count == 0 && _handedOver)
                _handedOver = _busy = false;
            while (!_handedOver && !(_stopped && !_busy))
                Monitor.Wait(_lock);
            (_waiting, _draining) = (_draining, _waiting);
            return _draining.Count > 0;
        }
    }

    /// <summary>Answers every command of a group. Never throws: whoever writes must hand over to the next, whatever happened.</summary>
    private void Commit(List<WriteCommand> group)
    {
        try
        {
            CommitOrFail(group);
            _store.AfterCommit();
        }
        catch (Exception exception)
        {
            // Those that are answered already stay so.
            foreach (var command in group)
                command.Fail(Unavailable(exception));
            Report(exception);
        }
    }

    private void CommitOrFail(List<WriteCommand> group)
    {
        if (Try(group) is not { } failure)
            return;
        if (group.Count == 1)
        {
            group[0].Fail(Unavailable(failure));
            return;
        }

        // One command must not take down the others that happened to wait at the same time.
        foreach (var command in group)
            if (Try([command]) is { } own)
                command.Fail(Unavailable(own));
    }

    private Exception? Try(List<WriteCommand> group)
    {
        WriteContext? context = null;
        try
        {
            using var session = _store.Write();
            context = new(session, Now());
            foreach (var command in group)
                command.Run(context);
            context.Commit(Report);
        }
        catch (Exception exception)
        {
            context?.Rollback();
            return exception;
        }

        foreach (var command in group)
            command.Complete();
        return null;
    }

    private void Report(Exception exception) =>
        _log.LogError(exception, "What was to be done after a commit failed. What was committed is on disk, and writing goes on.");

    private Exception Unavailable(Exception exception) =>
        exception is SqliteException sqlite ? _store.Health.Note(sqlite, "write") : exception;

    private long Now() => _lastSecond = Math.Max(_lastSecond, _time.GetUtcNow().ToUnixTimeSeconds());

    /// <summary>Commits what is waiting and ends the thread.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _stopped = true;
            Monitor.PulseAll(_lock);
        }
        _thread.Join();
    }
}
