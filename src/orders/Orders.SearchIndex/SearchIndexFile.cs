using ChangeFeed.Sinks;
using Microsoft.Data.Sqlite;

namespace Orders.SearchIndex;

/// <summary>The file of an index: where it is, what is in it, and how it is opened.</summary>
public static class SearchIndexFile
{
    private const int BusySeconds = 5;

    // Versions stay when an entry goes: what is written late is older.
    private const string Schema = """
        PRAGMA journal_mode = WAL;
        CREATE TABLE IF NOT EXISTS orders(
          row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, version INTEGER NOT NULL, entry BLOB,
          customer TEXT, tracking TEXT COLLATE NOCASE, status TEXT, country TEXT, month TEXT, placed_at INTEGER);
        CREATE INDEX IF NOT EXISTS orders_by_time ON orders(placed_at);
        CREATE INDEX IF NOT EXISTS orders_by_customer ON orders(customer);
        CREATE INDEX IF NOT EXISTS orders_by_tracking ON orders(tracking);
        CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5(text, tokenize = "unicode61 remove_diacritics 2", prefix = '2 3');
        CREATE VIRTUAL TABLE IF NOT EXISTS vocabulary USING fts5vocab(words, row);
        INSERT INTO words(words, rank) VALUES('secure-delete', 1);
        """;

    static SearchIndexFile() => SQLitePCL.Batteries_V2.Init();

    /// <summary>The file of a generation.</summary>
    /// <param name="directory">Where indexes are.</param>
    /// <param name="generation">From 1.</param>
    public static string In(string directory, int generation) => Path.Combine(directory, $"{Sink.NameOf(SearchIndexProjection.Endpoint, generation)}.db");

    /// <summary>Opens it to write, made where it is missing.</summary>
    internal static SqliteConnection OpenToWrite(string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        // FULL: a commit is on the disk before the checkpoint says so. What is deleted is overwritten.
        return Open(file, SqliteOpenMode.ReadWriteCreate, $"PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; {Schema}");
    }

    internal static SqliteConnection OpenToRead(string file) => Open(file, SqliteOpenMode.ReadOnly, "PRAGMA query_only = ON;");

    private static SqliteConnection Open(string file, SqliteOpenMode mode, string commands)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = file,
            Mode = mode,
            Pooling = false,
            DefaultTimeout = BusySeconds,
        }.ToString());
        try
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = commands;
            command.ExecuteNonQuery();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
