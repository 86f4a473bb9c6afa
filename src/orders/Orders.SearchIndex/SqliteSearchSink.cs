using System.Text.Json;
using ChangeFeed.Sinks;
using Microsoft.Data.Sqlite;

namespace Orders.SearchIndex;

/// <summary>Writes an index of SQLite's full-text search (FTS5): a batch is a transaction, and an entry replaces only an older one.</summary>
/// <param name="file">The index.</param>
public sealed class SqliteSearchSink(string file) : ISink<SinkDocument<OrderEntry>>, IDisposable
{
    // The first of them fails where the disk is full, the file cannot be written, or another writer does not end.
    private static readonly HashSet<int> NotNow = [5, 6, 8, 10, 13, 14, 26]; // busy, locked, read-only, I/O, full, cannot open, no database

    private readonly Lock _lock = new();
    private SqliteConnection? _connection;

    /// <inheritdoc/>
    public Task WriteAsync(IReadOnlyList<SinkDocument<OrderEntry>> batch, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            try
            {
                _connection ??= SearchIndexFile.OpenToWrite(file);
                using var transaction = _connection.BeginTransaction();
                foreach (var document in batch)
                    Write(_connection, document);
                transaction.Commit();
            }
            catch (SqliteException e) when (NotNow.Contains(e.SqliteErrorCode))
            {
                // Opened anew the next time: the file may be another by then.
                _connection?.Dispose();
                _connection = null;
                throw new SinkUnavailableException($"The search index {file} cannot be written: {e.Message}", e);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new SinkUnavailableException($"The search index {file} cannot be written: {e.Message}", e);
            }
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
            _connection?.Dispose();
    }

    private static void Write(SqliteConnection connection, SinkDocument<OrderEntry> document)
    {
        var entry = document.Document;
        using var upsert = connection.Command(
            """
            INSERT INTO orders(id, version, entry, customer, tracking, status, country, month, placed_at)
            VALUES($id, $version, $entry, $customer, $tracking, $status, $country, $month, $placed)
            ON CONFLICT(id) DO UPDATE SET version = excluded.version, entry = excluded.entry, customer = excluded.customer, tracking = excluded.tracking,
              status = excluded.status, country = excluded.country, month = excluded.month, placed_at = excluded.placed_at
            WHERE excluded.version > orders.version
            RETURNING row
            """,
            ("$id", document.Key),
            ("$version", document.Version),
            ("$entry", entry is null ? null : JsonSerializer.SerializeToUtf8Bytes(entry, SearchIndexJson.Default.OrderEntry)),
            ("$customer", entry?.CustomerId),
            ("$tracking", entry?.Tracking),
            ("$status", entry?.Status.ToString()),
            ("$country", entry?.Country),
            ("$month", entry?.Month),
            ("$placed", entry?.PlacedAt.UtcTicks));
        if (upsert.ExecuteScalar() is not long row)
            return; // it is there, in this version or a newer one

        var text = entry is null ? null : string.Join('\n', entry.Texts);
        using var standing = connection.Command("SELECT text FROM words WHERE rowid = $row", ("$row", row));
        if (standing.ExecuteScalar() as string == text)
            return;
        using var delete = connection.Command("DELETE FROM words WHERE rowid = $row", ("$row", row));
        delete.ExecuteNonQuery();
        if (text is null)
            return;
        using var insert = connection.Command("INSERT INTO words(rowid, text) VALUES($row, $text)", ("$row", row), ("$text", text));
        insert.ExecuteNonQuery();
    }
}

internal static class SqliteCommands
{
    public static SqliteCommand Command(this SqliteConnection connection, string text, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = text;
        foreach (var (name, value) in parameters)
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        return command;
    }
}
