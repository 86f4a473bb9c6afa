using SQLitePCL;

namespace ChangeFeed.Emulator.Storage.Sqlite;

/// <summary>An error code of SQLite, with its extension.</summary>
internal sealed class SqliteException(int code, string message) : Exception(message)
{
    /// <summary>The primary result code.</summary>
    public int Code => code & 0xFF;

    public bool IsConstraint => Code == raw.SQLITE_CONSTRAINT;

    /// <summary>The file is not a database, its content is broken, or it ends where there should be more.</summary>
    public bool IsDamage => Code is raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB || code is raw.SQLITE_IOERR_SHORT_READ;

    /// <summary>The disk is full, or does not take what is written for another reason, such as a quota.</summary>
    public bool IsNoRoom => Code == raw.SQLITE_FULL || code is raw.SQLITE_IOERR_WRITE or raw.SQLITE_IOERR_FSYNC
        or raw.SQLITE_IOERR_TRUNCATE or raw.SQLITE_IOERR_SHMSIZE or raw.SQLITE_IOERR_DIR_FSYNC;

    public static SqliteException From(sqlite3 connection, int code) =>
        new(raw.sqlite3_extended_errcode(connection) is var extended && (extended & 0xFF) == (code & 0xFF) ? extended : code,
            $"SQLite {code}: {raw.sqlite3_errmsg(connection).utf8_to_string()}");
}
