using SQLitePCL;

namespace ChangeFeed.Emulator.Storage.Sqlite;

/// <summary>A connection with its prepared statements. Used by one thread at a time.</summary>
sealed class SqliteConnection : IDisposable
{
    const int MaxStatements = 512;

    // SQLITE_DBSTATUS_CACHE_WRITE, which the binding does not name.
    const int CacheWrite = 9;

    readonly Dictionary<string, SqliteStatement> statements = new(StringComparer.Ordinal);
    readonly sqlite3 handle;

    static SqliteConnection() => Batteries_V2.Init();

    SqliteConnection(sqlite3 handle) => this.handle = handle;

    public static SqliteConnection Open(string path, bool readOnly)
    {
        var flags = raw.SQLITE_OPEN_NOMUTEX | (readOnly ? raw.SQLITE_OPEN_READONLY : raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE);
        var code = raw.sqlite3_open_v2(path, out var handle, flags, null);
        if (code != raw.SQLITE_OK)
        {
            var exception = SqliteException.From(handle, code);
            _ = raw.sqlite3_close_v2(handle);
            throw exception;
        }
        return new(handle);
    }

    /// <summary>Takes a prepared statement; dispose it to give it back.</summary>
    public SqliteStatement Use(string sql)
    {
        if (statements.TryGetValue(sql, out var statement))
        {
            // A nested read of the same kind, such as an iterator within another, needs its own cursor.
            if (statement.InUse)
                throw new InvalidOperationException($"The statement is already running: {sql}");
            return statement.Begin();
        }

        if (statements.Count >= MaxStatements)
            Forget();
        var code = raw.sqlite3_prepare_v3(handle, sql, raw.SQLITE_PREPARE_PERSISTENT, out var prepared);
        if (code != raw.SQLITE_OK)
            throw SqliteException.From(handle, code);
        statement = new(handle, prepared);
        statements.Add(sql, statement);
        return statement.Begin();
    }

    public void Execute(string sql)
    {
        var code = raw.sqlite3_exec(handle, sql);
        if (code != raw.SQLITE_OK)
            throw SqliteException.From(handle, code);
    }

    public long Scalar(string sql)
    {
        using var statement = Use(sql);
        return statement.Step() ? statement.Long(0) : 0;
    }

    /// <summary>Pages written since the last call.</summary>
    public int TakePagesWritten()
    {
        _ = raw.sqlite3_db_status(handle, CacheWrite, out var pages, out _, 1);
        return pages;
    }

    public bool InTransaction => raw.sqlite3_get_autocommit(handle) == 0;

    void Forget()
    {
        foreach (var (sql, statement) in statements.Where(entry => !entry.Value.InUse).ToList())
        {
            statement.Finish();
            statements.Remove(sql);
        }
    }

    public void Dispose()
    {
        foreach (var statement in statements.Values)
            statement.Finish();
        statements.Clear();
        _ = raw.sqlite3_close_v2(handle);
    }
}
