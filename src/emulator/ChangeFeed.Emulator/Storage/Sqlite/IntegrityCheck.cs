using System.Globalization;

namespace ChangeFeed.Emulator.Storage.Sqlite;

/// <summary>
/// Reads everything once after a start: SQLite's own check of each table, then each document against its checksum. It takes a quarter of the
/// time of one thread at most, so that those who are served hardly notice.
/// </summary>
internal sealed class IntegrityCheck(string path, StoreHealth health, Func<bool> inTheWay, TimeProvider time, CancellationToken stopping)
{
    private const int StepsBetweenPauses = 100;
    private const int RowsAtOnce = 200;
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(30);

    private long _began = time.GetTimestamp();

    public void Run()
    {
        try
        {
            using var connection = SqliteConnection.Open(path, readOnly: true);
            connection.Execute("PRAGMA cache_size = -2048; PRAGMA temp_store = MEMORY; PRAGMA query_only = ON");
            connection.OnProgress(StepsBetweenPauses, PauseOrStop);
            foreach (var table in Names(connection))
                Check(connection, table);
        }
        catch (SqliteException exception) when (exception.Code == SQLitePCL.raw.SQLITE_INTERRUPT && stopping.IsCancellationRequested)
        {
            // It begins again with the next start.
        }
        catch (SqliteException exception)
        {
            health.Note(exception, "check its data");
        }
    }

    private static List<string> Names(SqliteConnection connection)
    {
        var names = new List<string>();
        using var rows = connection.Use("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name");
        while (rows.Step())
            names.Add(rows.Text(0));
        return names;
    }

    private void Check(SqliteConnection connection, string table)
    {
        try
        {
            using (var rows = connection.Use($"PRAGMA quick_check({table})"))
                if (rows.Step() && rows.Text(0) is var found && found != "ok")
                    health.Damaged($"{table}: {found.ReplaceLineEndings(" ")}");
            if (table.StartsWith("items_", StringComparison.Ordinal))
                CheckDocuments(connection, table);
        }
        catch (SqliteException exception) when (exception.Code == SQLitePCL.raw.SQLITE_ERROR && !Names(connection).Contains(table))
        {
            // Its container was deleted meanwhile.
        }
    }

    /// <summary>In portions, so that no snapshot is held for long.</summary>
    private void CheckDocuments(SqliteConnection connection, string table)
    {
        var sql = string.Create(
            CultureInfo.InvariantCulture, $"SELECT rid, body, sum FROM {table} WHERE rid > ?1 ORDER BY rid LIMIT {RowsAtOnce}");
        for (long? after = -1; after is { } last && !stopping.IsCancellationRequested;)
        {
            after = null;
            using var rows = connection.Use(sql).Bind(1, last);
            while (rows.Step())
            {
                after = rows.Long(0);
                Checksum.Verified(rows.Blob(1), rows.LongOrNull(2), rows.Long(0));
            }
        }
    }

    private bool PauseOrStop()
    {
        // What has to leave the disk waits for the snapshot that is read here.
        if (time.GetElapsedTime(_began) >= Slice && !inTheWay())
        {
            stopping.WaitHandle.WaitOne(Pause);
            _began = time.GetTimestamp();
        }
        return stopping.IsCancellationRequested;
    }
}
