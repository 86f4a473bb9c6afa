using SQLitePCL;

namespace ChangeFeed.Emulator.Storage.Sqlite;

/// <summary>A connection with its prepared statements. Used by one thread at a time.</summary>
internal sealed class SqliteConnection : IDisposable
{
    private const int MaxStatements = 512;

    // SQLITE_DBSTATUS_CACHE_WRITE, which the binding does not name.
    private const int CacheWrite = 9;

    private readonly Dictionary<string, SqliteStatement> _statements = new(StringComparer.Ordinal);
    private readonly sqlite3 _handle;

    static SqliteConnection() => ScrubbingVfs.Register();

    private SqliteConnection(sqlite3 handle) => _handle = handle;

    /// <summary>Takes down what is run from now on; null takes down nothing.</summary>
    public StatementRecorder? Recorder { get; set; }

    public static SqliteConnection Open(string path, bool readOnly)
    {
        var flags = raw.SQLITE_OPEN_NOMUTEX | (readOnly ? raw.SQLITE_OPEN_READONLY : raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE);
        var code = raw.sqlite3_open_v2(path, out var handle, flags, ScrubbingVfs.Name);
        if (code != raw.SQLITE_OK)
        {
            var exception = SqliteException.From(handle, code);
            _ = raw.sqlite3_close_v2(handle);
            throw exception;
        }
        _ = raw.sqlite3_extended_result_codes(handle, 1);
        return new(handle);
    }

    /// <summary>Takes a prepared statement; dispose it to give it back.</summary>
    public SqliteStatement Use(string sql)
    {
        if (_statements.TryGetValue(sql, out var statement))
        {
            // A nested read of the same kind, such as an iterator within another, needs its own cursor.
            if (statement.InUse)
                throw new InvalidOperationException($"The statement is already running: {sql}");
            return statement.Begin();
        }

        if (_statements.Count >= MaxStatements)
            Forget();
        var code = raw.sqlite3_prepare_v3(_handle, sql, raw.SQLITE_PREPARE_PERSISTENT, out var prepared);
        if (code != raw.SQLITE_OK)
            throw SqliteException.From(_handle, code);
        statement = new(this, sql, _handle, prepared);
        _statements.Add(sql, statement);
        return statement.Begin();
    }

    public void Execute(string sql)
    {
        var code = raw.sqlite3_exec(_handle, sql);
        if (code != raw.SQLITE_OK)
            throw SqliteException.From(_handle, code);
        Recorder?.Add(sql, []);
    }

    public long Scalar(string sql)
    {
        using var statement = Use(sql);
        return statement.Step() ? statement.Long(0) : 0;
    }

    /// <summary>Pages written since the last call.</summary>
    public int TakePagesWritten()
    {
        _ = raw.sqlite3_db_status(_handle, CacheWrite, out var pages, out _, 1);
        return pages;
    }

    /// <summary>How long to wait for others before giving up with <c>SQLITE_BUSY</c>.</summary>
    public void WaitForOthers(TimeSpan limit) => _ = raw.sqlite3_busy_timeout(_handle, (int)limit.TotalMilliseconds);

    /// <summary>Calls back every so many steps of whatever runs; true ends it with <c>SQLITE_INTERRUPT</c>.</summary>
    public void OnProgress(int steps, Func<bool> stop) => raw.sqlite3_progress_handler(_handle, steps, _ => stop() ? 1 : 0, null);

    public bool InTransaction => raw.sqlite3_get_autocommit(_handle) == 0;

    private void Forget()
    {
        foreach (var (sql, statement) in _statements.Where(entry => !entry.Value.InUse).ToList())
        {
            statement.Finish();
            _statements.Remove(sql);
        }
    }

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
            statement.Finish();
        _statements.Clear();
        _ = raw.sqlite3_close_v2(_handle);
    }
}
