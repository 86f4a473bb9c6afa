using System.Text;
using ChangeFeed.Emulator.Model;

namespace ChangeFeed.Emulator.Storage.Sqlite;

/// <summary>
/// Reads what can be read from a data file that may be damaged, and changes nothing in it. What SQLite cannot reach any more, or what is not
/// as it was stored, is left out and counted.
/// </summary>
internal sealed class Salvage : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly string _path;

    /// <exception cref="EmulatorStartException">Not even the list of containers can be read.</exception>
    public Salvage(string path)
    {
        _path = path;
        _connection = SqliteConnection.Open(path, readOnly: true);
        try
        {
            // A file that is cut off is not opened at all without this.
            _connection.Execute("PRAGMA writable_schema = ON");
            _connection.Execute("PRAGMA temp_store = MEMORY; PRAGMA query_only = ON");
            Format = _connection.Scalar("PRAGMA user_version");
            Catalogue = new CatalogueReader(_connection, number => new(number), tolerant: true).Read();
            NextNumber = _connection.Scalar("SELECT value FROM meta WHERE key = 'next_number'");
            LostCommits = CommitsLost(path);
        }
        catch (SqliteException exception)
        {
            _connection.Dispose();
            throw new EmulatorStartException(
                $"Nothing can be kept of {path}: its list of databases and containers cannot be read ({exception.Message}).", exception);
        }
        catch
        {
            _connection.Dispose();
            throw;
        }
    }

    public Catalogue Catalogue { get; }

    public long NextNumber { get; }

    /// <summary>Commits that were acknowledged and are not there.</summary>
    public long LostCommits { get; }

    private long Format { get; }

    private long CommitsLost(string path)
    {
        if (Format < 2 || !File.Exists(SqliteStore.AcknowledgedFile(path)))
            return 0;
        using var log = new CommitLog(new(SqliteStore.AcknowledgedFile(path)), new(path));
        return log.Load(_connection);
    }

    /// <summary>
    /// Rows in order. Where a page cannot be read, the numbers behind it are asked for one by one until one of them can be; at the end
    /// comes what only <see cref="PageScan"/> finds.
    /// </summary>
    public IEnumerable<StoredItem> Items(Container container, SalvageCount count)
    {
        var sum = Format < 2 ? "NULL" : "sum";
        var from = $"SELECT rid, pos, ts, ttl, body, epk, id, {sum} FROM items_{container.Number}";
        var found = new HashSet<ulong>();
        for (long next = 0; ; next++)
        {
            var (item, failed) = First($"{from} WHERE rid >= ?1 ORDER BY rid LIMIT 1", next);
            if (failed && next < (long)container.NextItem)
            {
                (item, failed) = First($"{from} WHERE rid = ?1", next);
                if (failed)
                    count.Damaged++;
            }
            else if (item is null)
                break;
            if (item is not { } whole)
                continue;
            count.Read++;
            next = (long)whole.Rid;
            found.Add(whole.Rid);
            yield return whole;
        }

        if (count.Damaged == 0 || Format < 2)
            yield break;
        foreach (var item in PageScan.Items(_path, (int)_connection.Scalar("PRAGMA page_size")))
        {
            if (!IsOf(container, item) || !found.Add(item.Rid))
                continue;
            count.Read++;
            count.Damaged--;
            yield return item;
        }
    }

    /// <summary>A document says itself which container it is in.</summary>
    private static bool IsOf(Container container, in StoredItem item) =>
        item.Body.AsSpan().LastIndexOf(Encoding.UTF8.GetBytes($"\"_rid\":\"{ResourceId.Document(container.RidBytes, item.Rid)}\"")) >= 0;

    private (StoredItem? Item, bool Failed) First(string sql, long rid)
    {
        try
        {
            using var row = _connection.Use(sql).Bind(1, rid);
            if (!row.Step())
                return (null, false);
            var body = Checksum.Verified(row.Blob(4), row.LongOrNull(7), row.Long(0)).ToArray();
            return (new(
                (ulong)row.Long(0), row.Blob(5).ToArray(), row.Text(6), row.Long(1), row.Long(2), (int?)row.LongOrNull(3), body),
                false);
        }
        catch (SqliteException exception) when (exception.IsDamage)
        {
            return (null, true);
        }
    }

    /// <summary>How many items there should be, by an index that can still be read; null where none can.</summary>
    public long? Expected(Container container)
    {
        foreach (var sql in (string[])[$"SELECT count(*) FROM feed_{container.Number}",
            $"SELECT count(*) FROM items_{container.Number} INDEXED BY key_{container.Number}"])
        {
            try
            {
                return _connection.Scalar(sql);
            }
            catch (SqliteException exception) when (exception.IsDamage)
            {
                // The other one may be whole.
            }
        }
        return null;
    }

    public IReadOnlyList<(byte[] Epk, byte[] Key, long Rid)> UniqueKeys(Container container, SalvageCount count) =>
        container.Definition.UniqueKeys.Length == 0 ? [] : All(
            $"SELECT epk, key, rid FROM unique_{container.Number}",
            row => (row.Blob(0).ToArray(), row.Blob(1).ToArray(), row.Long(2)), count);

    public IReadOnlyList<(int Range, ItemVersion Version)> Versions(Container container, SalvageCount count) =>
        container.Definition.VersionRetention is null ? [] : All(
            $"SELECT range, pos, epk, op, ts, previous_pos, current, previous FROM versions_{container.Number}",
            row => ((int)row.Long(0), new ItemVersion(
                row.Long(1), row.Blob(2).ToArray(), (VersionKind)row.Long(3), row.Long(4), row.LongOrNull(5),
                row.Blob(6).ToArray(), row.Blob(7).ToArray())),
            count);

    private List<T> All<T>(string sql, Func<SqliteStatement, T> read, SalvageCount count)
    {
        var all = new List<T>();
        try
        {
            using var rows = _connection.Use(sql);
            while (rows.Step())
                all.Add(read(rows));
        }
        catch (SqliteException exception) when (exception.IsDamage)
        {
            count.Damaged++;
        }
        return all;
    }

    public void Dispose() => _connection.Dispose();
}

/// <summary>What was read of something, and how often it could not be.</summary>
internal sealed class SalvageCount
{
    public long Read { get; set; }

    public long Damaged { get; set; }
}
