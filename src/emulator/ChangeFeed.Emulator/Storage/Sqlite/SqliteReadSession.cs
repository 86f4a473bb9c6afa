using ChangeFeed.Emulator.Model;

namespace ChangeFeed.Emulator.Storage.Sqlite;

/// <summary>Reads through one connection, given back to the pool when disposed.</summary>
internal class SqliteReadSession(SqliteConnection connection, Func<Container, ContainerSql> sql, Action<SqliteConnection>? giveBack)
    : IReadSession
{
    protected SqliteConnection Connection => connection;

    protected ContainerSql Sql(Container container) => sql(container);

    public void Pin() => connection.Execute("BEGIN");

    public StoredItem? Find(Container container, ReadOnlySpan<byte> epk, string id, bool withBody)
    {
        var texts = sql(container);
        using var statement = connection.Use(withBody ? texts.Find : texts.FindHead).Bind(1, epk).Bind(2, id);
        if (!statement.Step())
            return null;
        var body = withBody ? Body(statement, 5).ToArray() : [];
        return new((ulong)statement.Long(0), epk.ToArray(), id, statement.Long(1), statement.Long(2), (int?)statement.LongOrNull(3), body)
        {
            Size = withBody ? body.Length : (int)statement.Long(4),
        };
    }

    public void ReadFeed(Container container, int partition, long after, ItemVisitor visit)
    {
        using var statement = connection.Use(sql(container).ReadFeed).Bind(1, partition).Bind(2, after);
        while (statement.Step() && visit(Item(statement, []), Body(statement, 7)))
        {
        }
    }

    public long? FirstPositionSince(Container container, int partition, long timestamp, long lastPosition)
    {
        // Time never goes back along positions, so a binary search finds the place without an index on time.
        long low = 0, high = lastPosition + 1;
        while (low < high)
        {
            var middle = low + (high - low) / 2;
            if (TimeAt(container, partition, middle) is { } found && found.Timestamp < timestamp)
                low = found.Position + 1;
            else
                high = middle;
        }
        return TimeAt(container, partition, low)?.Position;
    }

    private (long Position, long Timestamp)? TimeAt(Container container, int partition, long position)
    {
        using var statement = connection.Use(sql(container).TimeAt).Bind(1, partition).Bind(2, position);
        return statement.Step() ? (statement.Long(0), statement.Long(1)) : null;
    }

    public IEnumerable<StoredItem> Scan(Container container, ItemScan scan)
    {
        var texts = sql(container);
        var from = scan.From is { } rid ? (long)Math.Min(rid, long.MaxValue) : scan.Descending ? long.MaxValue : 0;
        return scan.Keys is null && scan.Ids is null
            ? ScanAll(texts, scan, from)
            : Seek(texts, Rids(texts, scan, container.Definition.PartitionKey.EffectiveLength, from));
    }

    private IEnumerable<StoredItem> ScanAll(ContainerSql texts, ItemScan scan, long from)
    {
        using var statement = connection.Use(scan.Descending ? texts.ScanDown : texts.ScanUp);
        statement.Bind(1, from).Bind(2, scan.Range.Min).Bind(3, scan.Range.Max);
        while (statement.Step())
            yield return Scanned(statement);
    }

    private IEnumerable<StoredItem> Seek(ContainerSql texts, List<long> rids)
    {
        foreach (var rid in rids)
        {
            using var statement = connection.Use(texts.ScanOne).Bind(1, rid);
            if (statement.Step())
                yield return Scanned(statement);
        }
    }

    /// <summary>The numbers first, the bodies later: sorting must not carry the bodies.</summary>
    private List<long> Rids(ContainerSql texts, ItemScan scan, int keyLength, long from)
    {
        var rids = new List<long>();
        foreach (var key in scan.Keys ?? [scan.Range])
        {
            // A query over several keys is sent to each of their partitions: the others' keys are not here.
            if (!key.Overlaps(scan.Range))
                continue;
            var range = key.Intersect(scan.Range);
            foreach (var id in scan.Ids?.Distinct() ?? [null])
            {
                using var statement = connection.Use(
                    id is null ? texts.RidsOfKey
                    : scan.Keys is null ? texts.RidsOfId
                    : range.Min.Length == keyLength ? texts.RidsOfWholeKeyAndId
                    : texts.RidsOfKeyAndId);
                statement.Bind(1, range.Min).Bind(2, range.Max);
                if (id is not null)
                    statement.Bind(3, id);
                while (statement.Step())
                    if (scan.Descending ? statement.Long(0) < from : statement.Long(0) > from)
                        rids.Add(statement.Long(0));
            }
        }

        rids.Sort();
        if (scan.Descending)
            rids.Reverse();
        return rids;
    }

    private static StoredItem Scanned(SqliteStatement row) =>
        new((ulong)row.Long(0), [], "", 0, row.Long(1), (int?)row.LongOrNull(2),
            Checksum.Verified(row.Blob(3), row.LongOrNull(4), row.Long(0)).ToArray());

    /// <summary>The body of a row that begins with rid, position, times and body.</summary>
    private static ReadOnlySpan<byte> Body(SqliteStatement row, int sum) => Checksum.Verified(row.Blob(4), row.LongOrNull(sum), row.Long(0));

    private static StoredItem Item(SqliteStatement row, byte[] body) => new(
        (ulong)row.Long(0), row.Blob(5).ToArray(), row.Text(6), row.Long(1), row.Long(2), (int?)row.LongOrNull(3), body);

    public StoredItem? Find(Container container, ulong rid)
    {
        using var statement = connection.Use(sql(container).FindRid).Bind(1, (long)rid);
        return statement.Step() ? Item(statement, Body(statement, 7).ToArray()) : null;
    }

    public ulong? UniqueKeyOwner(Container container, ReadOnlySpan<byte> epk, ReadOnlySpan<byte> key)
    {
        using var statement = connection.Use(sql(container).FindUniqueKey).Bind(1, epk).Bind(2, key);
        return statement.Step() ? (ulong)statement.Long(0) : null;
    }

    public IReadOnlyList<StoredItem> Expired(Container container, long now, int limit)
    {
        var items = new List<StoredItem>();
        if (container.Definition.DefaultTtl is not { } fallback)
            return items;
        var texts = sql(container);
        Collect(connection.Use(texts.ExpiredOfOwn).Bind(1, now).Bind(2, limit), items);
        if (fallback > 0)
            Collect(connection.Use(texts.ExpiredByDefault).Bind(1, now - fallback).Bind(2, limit), items);
        return items;
    }

    private static void Collect(SqliteStatement rows, List<StoredItem> items)
    {
        using (rows)
            while (rows.Step())
                items.Add(Item(rows, Body(rows, 7).ToArray()));
    }

    public void ReadVersions(Container container, int partition, long after, Func<ItemVersion, bool> visit)
    {
        using var rows = connection.Use(sql(container).ReadVersions).Bind(1, partition).Bind(2, after);
        while (rows.Step() && visit(Version(rows)))
        {
        }
    }

    private static ItemVersion Version(SqliteStatement row)
    {
        var version = new ItemVersion(
            row.Long(0), row.Blob(1).ToArray(), (VersionKind)row.Long(2), row.Long(3), row.LongOrNull(4),
            row.Blob(5).ToArray(), row.Blob(6).ToArray());
        return row.LongOrNull(7) is not { } sum || sum == version.Sum ? version : throw new SqliteException(
            SQLitePCL.raw.SQLITE_CORRUPT, $"the version at {version.Position} is not as it was stored: its checksum differs");
    }

    public bool HasVersionsBefore(Container container, long timestamp) =>
        container.Partitions.Any(partition => HasVersionsBefore(container, partition.Id, timestamp));

    protected bool HasVersionsBefore(Container container, int partition, long timestamp)
    {
        using var oldest = connection.Use(sql(container).OldestVersion).Bind(1, partition);
        return oldest.Step() && oldest.Long(0) < timestamp;
    }

    public long CountItems(Container container, int partition)
    {
        using var statement = connection.Use(sql(container).Count).Bind(1, partition);
        return statement.Step() ? statement.Long(0) : 0;
    }

    public long CountBytes(Container container, int partition)
    {
        using var statement = connection.Use(sql(container).BytesOf).Bind(1, partition);
        return statement.Step() ? statement.Long(0) : 0;
    }

    public long CountBytes(Container container) => connection.Scalar(sql(container).Bytes);

    public virtual void Dispose()
    {
        if (connection.InTransaction)
            connection.Execute("COMMIT");
        giveBack?.Invoke(connection);
    }
}
