using ChangeFeed.Emulator.Model;
using ChangeFeed.Emulator.Storage.Sqlite;

namespace ChangeFeed.Emulator.Storage;

/// <summary>
/// One writer at a time. A write that finds nobody writing is committed at once on its own thread, without a switch to another.
/// What arrives meanwhile is taken over by the writer thread, which runs everything that waits in one transaction, commits, and only then
/// answers: under load many writes share one flush to disk, alone a write waits for nobody.
/// </summary>
sealed class Committer : IDisposable
{
    const int MaxGroup = 1024;

    readonly object gate = new();
    readonly IStore store;
    readonly TimeProvider time;
    readonly Thread thread;
    Queue<WriteCommand> waiting = [];
    Queue<WriteCommand> draining = [];
    long lastSecond;

    // Someone is writing: a caller, or the writer thread once it was handed the queue.
    bool busy;
    bool handedOver;
    bool stopped;

    public Committer(IStore store, TimeProvider time)
    {
        (this.store, this.time) = (store, time);
        thread = new(Work) { IsBackground = true, Name = "writer" };
        thread.Start();
    }

    public Task<T> Run<T>(WriteCommand<T> command)
    {
        lock (gate)
        {
            if (stopped)
                throw new CosmosErrorException(503, "ServiceUnavailable", "The endpoint is stopping.");
            if (busy)
            {
                waiting.Enqueue(command);
                return command.Task;
            }
            busy = true;
        }

        Commit([command]);
        Release();
        return command.Task;
    }

    public Task<T> Run<T>(Func<WriteContext, T> change) => Run(new MetadataCommand<T>(change));

    /// <summary>The caller answers its client; what has come meanwhile is the writer thread's.</summary>
    void Release()
    {
        lock (gate)
        {
            handedOver = waiting.Count > 0;
            busy = handedOver;
            if (handedOver || stopped)
                Monitor.PulseAll(gate);
        }
    }

    void Work()
    {
        var group = new List<WriteCommand>(MaxGroup);
        while (Drain())
        {
            while (draining.Count > 0)
            {
                group.Clear();
                do
                    group.Add(draining.Dequeue());
                while (group.Count < MaxGroup && draining.Count > 0 && !group[^1].Exclusive && !draining.Peek().Exclusive);
                Commit(group);
            }
        }
    }

    /// <summary>Waits until there is something for this thread; false when it is to end.</summary>
    bool Drain()
    {
        lock (gate)
        {
            if (waiting.Count == 0 && handedOver)
                handedOver = busy = false;
            while (!handedOver && !(stopped && !busy))
                Monitor.Wait(gate);
            (waiting, draining) = (draining, waiting);
            return draining.Count > 0;
        }
    }

    void Commit(List<WriteCommand> group)
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

    Exception? Try(List<WriteCommand> group)
    {
        WriteContext? context = null;
        try
        {
            using var session = store.Write();
            context = new(session, Now());
            foreach (var command in group)
                command.Run(context);
            context.Commit();
        }
        catch (Exception exception)
        {
            context?.Rollback();
            return exception;
        }

        foreach (var command in group)
            command.Complete();
        store.AfterCommit();
        return null;
    }

    static Exception Unavailable(Exception exception) => exception switch
    {
        SqliteException { Code: SQLitePCL.raw.SQLITE_FULL } => new CosmosErrorException(507, "InsufficientStorage", "The disk is full; nothing was written."),
        SqliteException sqlite => new CosmosErrorException(503, "ServiceUnavailable", $"The store could not write: {sqlite.Message}"),
        _ => exception,
    };

    long Now() => lastSecond = Math.Max(lastSecond, time.GetUtcNow().ToUnixTimeSeconds());

    /// <summary>Commits what is waiting and ends the thread.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            stopped = true;
            Monitor.PulseAll(gate);
        }
        thread.Join();
    }
}
