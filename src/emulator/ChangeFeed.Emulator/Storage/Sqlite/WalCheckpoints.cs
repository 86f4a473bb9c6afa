namespace ChangeFeed.Emulator.Storage.Sqlite;

/// <summary>
/// Moves what was committed from the write-ahead log into the data file, beside the writer instead of in it:
/// a checkpoint flushes megabytes, and a writer that did it would stand still meanwhile.
/// </summary>
internal sealed class WalCheckpoints : IDisposable
{
    private const int CheckEvery = 32;
    private const int BeginAtPages = 4000;

    // A log that is written all the time is never wholly copied; then the writer does the small rest itself and starts over.
    private const int RestartAtPages = 16_000;

    private readonly AutoResetEvent _wanted = new(false);
    private readonly SqliteConnection _connection;
    private readonly Thread _thread;
    private int _commits;
    private int _pages;
    private volatile bool _restart;
    private volatile bool _stopped;

    public WalCheckpoints(string path, bool durable)
    {
        _connection = SqliteConnection.Open(path, readOnly: false);
        _connection.Execute($"PRAGMA synchronous = {(durable ? "FULL" : "OFF")}; PRAGMA wal_autocheckpoint = 0");
        _thread = new(Work) { IsBackground = true, Name = "checkpoints" };
        _thread.Start();
    }

    /// <summary>Called between two transactions, on the thread that committed.</summary>
    public void Committed(SqliteConnection writer)
    {
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

    private void Work()
    {
        while (_wanted.WaitOne() && !_stopped)
            _restart = Checkpoint(_connection, "PASSIVE") > RestartAtPages;
    }

    /// <summary>Returns how many pages the log holds, those already copied included.</summary>
    private static long Checkpoint(SqliteConnection connection, string mode)
    {
        try
        {
            using var result = connection.Use($"PRAGMA wal_checkpoint({mode})");
            return result.Step() ? result.Long(1) : 0;
        }
        catch (SqliteException exception) when (exception.Code is SQLitePCL.raw.SQLITE_BUSY or SQLitePCL.raw.SQLITE_LOCKED or SQLitePCL.raw.SQLITE_FULL or SQLitePCL.raw.SQLITE_IOERR)
        {
            // Nothing is lost: the log keeps what could not be moved, and the next commits try again.
            return 0;
        }
    }

    public void Dispose()
    {
        _stopped = true;
        _wanted.Set();
        _thread.Join();
        _connection.Dispose();
        _wanted.Dispose();
    }
}
