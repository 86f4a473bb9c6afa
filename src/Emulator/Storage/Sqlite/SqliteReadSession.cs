using OrderPipeline.Emulator.Resources;

namespace OrderPipeline.Emulator.Storage.Sqlite;

/// <summary>Reads through one connection, given back to the pool when disposed.</summary>
class SqliteReadSession(SqliteConnection connection, Func<Container, ContainerSql> sql, Action<SqliteConnection>? giveBack) : IReadSession
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
        return new(
            (ulong)statement.Long(0), [], id, statement.Long(1), statement.Long(2), (int?)statement.LongOrNull(3),
            withBody ? statement.Blob(4).ToArray() : []);
    }

    public void ReadFeed(Container container, int partition, long after, ItemVisitor visit)
    {
        using var statement = connection.Use(sql(container).ReadFeed).Bind(1, partition).Bind(2, after);
        while (statement.Step() && visit(Item(statement, []), statement.Blob(4)))
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

    (long Position, long Timestamp)? TimeAt(Container container, int partition, long position)
    {
        using var statement = connection.Use(sql(container).TimeAt).Bind(1, partition).Bind(2, position);
        return statement.Step() ? (statement.Long(0), statement.Long(1)) : null;
    }

    public IEnumerable<StoredItem> Scan(Container container, ItemScan scan)
    {
        var texts = sql(container);
        var from = scan.From is { } rid ? (long)rid : scan.Descending ? long.MaxValue : 0;
        return scan.SeekRange ? Seek(texts, SeekRids(texts, scan, from)) : ScanAll(texts, scan, from);
    }

    IEnumerable<StoredItem> ScanAll(ContainerSql texts, ItemScan scan, long from)
    {
        using var statement = connection.Use(scan.Id is null ? texts.Scan(scan.Descending) : texts.ScanId(scan.Descending));
        statement.Bind(1, from).Bind(2, scan.Range.Min).Bind(3, scan.Range.Max);
        if (scan.Id is not null)
            statement.Bind(4, scan.Id);
        while (statement.Step())
            yield return Item(statement, statement.Blob(4).ToArray());
    }

    IEnumerable<StoredItem> Seek(ContainerSql texts, List<long> rids)
    {
        foreach (var rid in rids)
        {
            using var statement = connection.Use(texts.FindRid).Bind(1, rid);
            if (statement.Step())
                yield return Item(statement, statement.Blob(4).ToArray());
        }
    }

    List<long> SeekRids(ContainerSql texts, ItemScan scan, long from)
    {
        using var statement = connection.Use(texts.SeekRids(scan.Descending, scan.Id is not null));
        statement.Bind(1, from).Bind(2, scan.Range.Min).Bind(3, scan.Range.Max);
        if (scan.Id is not null)
            statement.Bind(4, scan.Id);
        var rids = new List<long>();
        while (statement.Step())
            rids.Add(statement.Long(0));
        return rids;
    }

    static StoredItem Item(SqliteStatement row, byte[] body) => new(
        (ulong)row.Long(0), row.Blob(5).ToArray(), row.Text(6), row.Long(1), row.Long(2), (int?)row.LongOrNull(3), body);

    public (long Items, long Bytes) Count(Container container)
    {
        var items = connection.Scalar(sql(container).Count);
        return (items, 0);
    }

    public virtual void Dispose()
    {
        if (connection.InTransaction)
            connection.Execute("COMMIT");
        giveBack?.Invoke(connection);
    }
}
