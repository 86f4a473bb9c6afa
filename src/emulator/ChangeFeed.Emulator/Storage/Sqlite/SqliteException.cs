using SQLitePCL;

namespace ChangeFeed.Emulator.Storage.Sqlite;

/// <summary>An error code of SQLite.</summary>
internal sealed class SqliteException(int code, string message) : Exception(message)
{
    /// <summary>The primary result code.</summary>
    public int Code => code & 0xFF;

    public bool IsConstraint => Code == raw.SQLITE_CONSTRAINT;

    /// <summary>The file is not a database, or its content is broken.</summary>
    public bool IsDamage => Code is raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB;

    public static SqliteException From(sqlite3 connection, int code) =>
        new(code, $"SQLite {code}: {raw.sqlite3_errmsg(connection).utf8_to_string()}");
}
