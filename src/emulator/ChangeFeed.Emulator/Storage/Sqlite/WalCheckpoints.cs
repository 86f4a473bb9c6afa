namespace ChangeFeed.Emulator.Storage.Sqlite;

/// <summary>
/// Moves what was committed from the write-ahead log into the data file, beside the writer instead of in it:
/// a checkpoint flushes megabytes, and a writer that did it would stand still meanwhile.
/// </summary>
sealed class WalCheckpoints : IDisposable
{
    const int CheckEvery = 32;
    const int BeginAtPages = 4000;

    // A log that is written all the time is never wholly copied; then the writer does the small rest itself and starts over.
    const int RestartAtPages = 16_000;

    readonly AutoResetEvent wanted = new(false);
    readonly SqliteConnection connection;
    readonly Thread thread;
    int commits;
    int pages;
    volatile bool restart;
    volatile bool stopped;

    public WalCheckpoints(string path, bool durable)
    {
        connection = SqliteConnection.Open(path, readOnly: false);
        connection.Execute($"PRAGMA synchronous = {(durable ? "FULL" : "OFF")}; PRAGMA wal_autocheckpoint = 0");
        thread = new(Work) { IsBackground = true, Name = "checkpoints" };
        thread.Start();
    }

    /// <summary>Called on the writer thread between two transactions.</summary>
    public void Committed(SqliteConnection writer)
    {
        if (++commits % CheckEvery != 0)
            return;
        pages += writer.TakePagesWritten();
        if (pages < BeginAtPages)
            return;
        pages = 0;
        if (restart)
            Checkpoint(writer, "RESTART");
        restart = false;
        wanted.Set();
    }

    void Work()
    {
        while (wanted.WaitOne() && !stopped)
            restart = Checkpoint(connection, "PASSIVE") > RestartAtPages;
    }

    /// <summary>Returns how many pages the log holds, those already copied included.</summary>
    static long Checkpoint(SqliteConnection connection, string mode)
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
        stopped = true;
        wanted.Set();
        thread.Join();
        connection.Dispose();
        wanted.Dispose();
    }
}
