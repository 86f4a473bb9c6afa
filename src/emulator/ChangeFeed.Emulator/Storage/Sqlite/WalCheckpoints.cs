namespace ChangeFeed.Emulator.Storage.Sqlite;

/// <summary>
/// Moves what was committed from the write-ahead log into the data file, beside the writer instead of in it:
/// a checkpoint flushes megabytes, and a writer that did it would stand still meanwhile.
/// What was removed or replaced is still in the log. So some seconds after that the log is emptied, which only the writer may do:
/// most of it has been moved by then.
/// </summary>
internal sealed class WalCheckpoints : IDisposable
{
    /// <summary>How long what was removed may stay in the log, if no reader holds on to it.</summary>
    public static readonly TimeSpan EmptyAfter = TimeSpan.FromSeconds(5);

    private const int CheckEvery = 32;
    private const int BeginAtPages = 4000;

    // A log that is written all the time is never wholly copied; then the writer does the small rest itself and starts over.
    private const int RestartAtPages = 16_000;

    private static readonly TimeSpan MoveBefore = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    // Writers stand still while the readers of the log end.
    private static readonly TimeSpan WaitForReaders = TimeSpan.FromMilliseconds(20);

    private readonly AutoResetEvent _wanted = new(false);
    private readonly SqliteConnection _connection;
    private readonly CommitLog _log;
    private readonly StoreHealth _health;
    private readonly TimeProvider _time;
    private readonly Thread _thread;
    private int _commits;
    private int _pages;

    // When the log has to be empty, and when to move most of it before that; in ticks of the time provider, 0 for never.
    private long _emptyAt;
    private long _moveAt;
    private volatile bool _heldUp;
    private volatile bool _restart;
    private volatile bool _stopped;

    public WalCheckpoints(string path, bool durable, CommitLog log, StoreHealth health, TimeProvider time)
    {
        (_log, _health, _time) = (log, health, time);
        _connection = SqliteConnection.Open(path, readOnly: false);
        _connection.Execute($"PRAGMA synchronous = {(durable ? "FULL" : "OFF")}; PRAGMA wal_autocheckpoint = 0");
        _thread = new(Work) { IsBackground = true, Name = "checkpoints" };
        _thread.Start();
    }

    /// <summary>The log could not be emptied, because a reader holds on to it.</summary>
    public bool IsHeldUp => _heldUp;

    private bool IsOverdue => Volatile.Read(ref _emptyAt) is > 0 and var due && _time.GetTimestamp() >= due;

    /// <summary>The log holds something that was removed. Called on the thread that committed.</summary>
    public void Erased()
    {
        if (_emptyAt != 0)
            return;
        var now = _time.GetTimestamp();
        _moveAt = now + Ticks(EmptyAfter - MoveBefore);
        Volatile.Write(ref _emptyAt, now + Ticks(EmptyAfter));
    }

    /// <summary>Begins to move what has to leave the log soon; returns whether the writer is wanted.</summary>
    public bool WantsCommit()
    {
        if (Volatile.Read(ref _emptyAt) != 0 && _time.GetTimestamp() >= Volatile.Read(ref _moveAt))
            _wanted.Set();
        return IsOverdue;
    }

    /// <summary>Called between two transactions, on the thread that committed.</summary>
    public void Committed(SqliteConnection writer)
    {
        if (IsOverdue)
            Empty(writer);
        if (++_commits % CheckEvery != 0)
            return;
        _pages += writer.TakePagesWritten();
        if (_pages < BeginAtPages)
            return;
        _pages = 0;
        if (_restart)
            Checkpoint(writer, "RESTART");
        _restart = false;
        _wanted.Set();
    }

    private void Empty(SqliteConnection writer)
    {
        writer.WaitForOthers(WaitForReaders);
        var (busy, _) = Checkpoint(writer, "TRUNCATE");
        writer.WaitForOthers(TimeSpan.Zero);
        _heldUp = busy;
        Volatile.Write(ref _emptyAt, busy ? _time.GetTimestamp() + Ticks(RetryAfter) : 0);
    }

    private void Work()
    {
        while (_wanted.WaitOne() && !_stopped)
            _restart = Checkpoint(_connection, "PASSIVE").Pages > RestartAtPages;
    }

    /// <summary>Returns whether others were in the way, and how many pages the log holds, those already copied included.</summary>
    private (bool Busy, long Pages) Checkpoint(SqliteConnection connection, string mode)
    {
        try
        {
            using var result = connection.Use($"PRAGMA wal_checkpoint({mode})");
            var done = result.Step() ? (result.Long(0) != 0, result.Long(1)) : (true, 0);
            _log.Flush();
            return done;
        }
        catch (SqliteException exception)
        {
            // Nothing is lost: the log keeps what could not be moved, and the next commits try again.
            if (exception.Code is not (SQLitePCL.raw.SQLITE_BUSY or SQLitePCL.raw.SQLITE_LOCKED))
                _health.Note(exception, "move its write-ahead log");
            return (true, 0);
        }
        catch (IOException exception)
        {
            _health.CannotSay(exception.Message);
            return (true, 0);
        }
    }

    private long Ticks(TimeSpan time) => (long)(time.TotalSeconds * _time.TimestampFrequency);

    public void Dispose()
    {
        _stopped = true;
        _wanted.Set();
        _thread.Join();
        _connection.Dispose();
        _wanted.Dispose();
    }
}
