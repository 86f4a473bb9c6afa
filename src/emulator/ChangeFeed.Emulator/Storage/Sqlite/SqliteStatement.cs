using SQLitePCL;

namespace ChangeFeed.Emulator.Storage.Sqlite;

/// <summary>A prepared statement, kept by its connection. Disposing resets it for the next use.</summary>
internal sealed class SqliteStatement(SqliteConnection owner, string sql, sqlite3 connection, sqlite3_stmt statement) : IDisposable
{
    private readonly List<BoundValue> _bound = [];

    public bool InUse { get; private set; }

    public SqliteStatement Begin()
    {
        InUse = true;
        _bound.Clear();
        return this;
    }

    public SqliteStatement Bind(int index, long value)
    {
        Check(raw.sqlite3_bind_int64(statement, index, value));
        return Bound(index, value);
    }

    public SqliteStatement Bind(int index, long? value)
    {
        Check(value is { } number ? raw.sqlite3_bind_int64(statement, index, number) : raw.sqlite3_bind_null(statement, index));
        return Bound(index, value);
    }

    public SqliteStatement Bind(int index, string value)
    {
        Check(raw.sqlite3_bind_text(statement, index, value));
        return Bound(index, value);
    }

    public SqliteStatement Bind(int index, ReadOnlySpan<byte> value)
    {
        Check(raw.sqlite3_bind_blob(statement, index, value));
        return owner.Recorder is null ? this : Bound(index, value.ToArray());
    }

    /// <summary>Steps once; true while there is a row.</summary>
    public bool Step()
    {
        var code = raw.sqlite3_step(statement);
        return code == raw.SQLITE_ROW || (code == raw.SQLITE_DONE ? false : throw SqliteException.From(connection, code));
    }

    public void Run()
    {
        using (this)
            while (Step())
            {
            }
        owner.Recorder?.Add(sql, _bound);
    }

    // Generic, so that a number is put into an object only where somebody listens.
    private SqliteStatement Bound<T>(int index, T value)
    {
        if (owner.Recorder is not null)
            _bound.Add(new(index, value));
        return this;
    }

    public long Long(int column) => raw.sqlite3_column_int64(statement, column);

    public long? LongOrNull(int column) =>
        raw.sqlite3_column_type(statement, column) == raw.SQLITE_NULL ? null : raw.sqlite3_column_int64(statement, column);

    public string Text(int column) => raw.sqlite3_column_text(statement, column).utf8_to_string();

    /// <summary>Valid until the next step.</summary>
    public ReadOnlySpan<byte> Blob(int column) => raw.sqlite3_column_blob(statement, column);

    public void Dispose()
    {
        InUse = false;
        // The code repeats the failure that Step has already thrown.
        _ = raw.sqlite3_reset(statement);
    }

    public void Finish() => _ = raw.sqlite3_finalize(statement);

    private void Check(int code)
    {
        if (code != raw.SQLITE_OK)
            throw SqliteException.From(connection, code);
    }
}
