using System.Globalization;
using ChangeFeed.Emulator.Model;
using ChangeFeed.Emulator.Model.Partitioning;

namespace ChangeFeed.Emulator.Storage.Sqlite;

/// <summary>The one write transaction; rolled back when disposed without a commit.</summary>
internal sealed class SqliteWriteSession : SqliteReadSession, IWriteSession
{
    private readonly CommitLog _log;
    private readonly KeptCommits? _kept;
    private readonly TimeProvider _time;
    private readonly Action _erased;
    private bool _erases;
    private bool _replayed;

    /// <param name="connection">The connection that writes.</param>
    /// <param name="sql">The statements of a container.</param>
    /// <param name="log">Counts the commit.</param>
    /// <param name="kept">Keeps what the commit did; null where there are no copies of the store.</param>
    /// <param name="time">Says when it was.</param>
    /// <param name="erased">Called after a commit that removed or replaced something.</param>
    public SqliteWriteSession(
        SqliteConnection connection, Func<Container, ContainerSql> sql, CommitLog log, KeptCommits? kept, TimeProvider time, Action erased)
        : base(connection, sql, null)
    {
        (_log, _kept, _time, _erased) = (log, kept, time, erased);
        Run("BEGIN IMMEDIATE");
        connection.Recorder = kept is { Keeps: true } ? new() : null;
    }

    public void Savepoint() => Run("SAVEPOINT step");

    public void RollbackToSavepoint() => Run("ROLLBACK TO step");

    public void Commit()
    {
        var recorder = Connection.Recorder;
        Connection.Recorder = null;
        if (recorder is { IsEmpty: false })
            _kept!.Add(Connection, recorder.ToArray(), _time.GetUtcNow().ToUnixTimeMilliseconds());
        _log.Commit(Connection);
        if (_replayed || recorder is { IsEmpty: false })
            _kept!.Committed(Connection);
        if (_erases)
            _erased();
    }

    private void Run(string sql) => Connection.Use(sql).Run();

    public void Insert(Container container, int partition, in StoredItem item)
    {
        var sql = Sql(container);
        Connection.Use(sql.Insert)
            .Bind(1, (long)item.Rid).Bind(2, item.Epk).Bind(3, item.Id).Bind(4, item.Position)
            .Bind(5, item.Timestamp).Bind(6, item.Ttl).Bind(7, item.Body).Bind(8, Checksum.Of(item.Body)).Run();
        Connection.Use(sql.InsertFeed).Bind(1, partition).Bind(2, item.Position).Bind(3, (long)item.Rid).Run();
    }

    public void Update(Container container, int partition, long oldPosition, in StoredItem item)
    {
        _erases = true;
        var sql = Sql(container);
        Connection.Use(sql.Update)
            .Bind(1, (long)item.Rid).Bind(2, item.Position).Bind(3, item.Timestamp).Bind(4, item.Ttl).Bind(5, item.Body)
            .Bind(6, Checksum.Of(item.Body)).Run();
        Connection.Use(sql.UpdateFeed).Bind(1, partition).Bind(2, oldPosition).Bind(3, item.Position).Run();
    }

    public void Delete(Container container, int partition, in StoredItem item)
    {
        _erases = true;
        var sql = Sql(container);
        Connection.Use(sql.Delete).Bind(1, (long)item.Rid).Run();
        Connection.Use(sql.DeleteFeed).Bind(1, partition).Bind(2, item.Position).Run();
    }

    public void AddVersion(Container container, int partition, in ItemVersion version) =>
        Connection.Use(Sql(container).InsertVersion)
            .Bind(1, partition).Bind(2, version.Position).Bind(3, version.Epk).Bind(4, (long)version.Kind).Bind(5, version.Timestamp)
            .Bind(6, version.PreviousPosition).Bind(7, version.Current).Bind(8, version.Previous).Bind(9, version.Sum).Run();

    public IReadOnlyList<(Partition Partition, long Lsn)> DropVersions(Container container, long before, int limit)
    {
        _erases = true;
        var dropped = new List<(Partition, long)>();
        foreach (var partition in container.Partitions.Where(partition => HasVersionsBefore(container, partition.Id, before)))
        {
            long last = -1;
            using (var rows = Connection.Use(Sql(container).OldVersions).Bind(1, partition.Id).Bind(2, before).Bind(3, limit))
                while (rows.Step())
                    last = rows.Long(0);
            if (last < 0)
                continue;
            Connection.Use(Sql(container).DropVersions).Bind(1, partition.Id).Bind(2, last).Run();
            dropped.Add((partition, StoredItem.LsnOf(last)));
        }
        return dropped;
    }

    public void AddUniqueKey(Container container, ReadOnlySpan<byte> epk, ReadOnlySpan<byte> key, ulong rid) =>
        Connection.Use(Sql(container).InsertUniqueKey).Bind(1, epk).Bind(2, key).Bind(3, (long)rid).Run();

    public void RemoveUniqueKeys(Container container, ulong rid) =>
        Connection.Use(Sql(container).DeleteUniqueKeys).Bind(1, (long)rid).Run();

    public void Split(Container container, Partition parent, Partition left, Partition right)
    {
        var sql = Sql(container);
        Move(sql.MoveFeed);
        Connection.Use(sql.DropFeed).Bind(1, parent.Id).Run();
        if (container.Definition.VersionRetention is not null)
            Move(sql.MoveVersions);
        Connection.Use("DELETE FROM partitions WHERE container = ?1 AND range = ?2").Bind(1, container.Number).Bind(2, parent.Id).Run();
        SavePartition(container, left);
        SavePartition(container, right);

        void Move(string text) => Connection.Use(text).Bind(1, parent.Id).Bind(2, right.Range.Min).Bind(3, left.Id).Bind(4, right.Id).Run();
    }

    public void SavePartition(Container container, Partition partition) =>
        Connection.Use("""
            INSERT INTO partitions(container, range, min, max, parents, lsn, versions_from) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)
            ON CONFLICT(container, range) DO UPDATE SET lsn = excluded.lsn, versions_from = excluded.versions_from
            """)
            .Bind(1, container.Number).Bind(2, partition.Id).Bind(3, partition.Range.Min).Bind(4, partition.Range.Max)
            .Bind(5, string.Join(',', partition.Parents.Select(parent => parent.ToString(CultureInfo.InvariantCulture))))
            .Bind(6, partition.PendingLsn).Bind(7, partition.VersionsFrom).Run();

    public void SaveItemCounter(Container container, ulong reserved) =>
        Connection.Use("UPDATE containers SET next_item = ?2 WHERE number = ?1").Bind(1, container.Number).Bind(2, (long)reserved).Run();

    public bool AddDatabase(Database database) =>
        Added(() => Connection.Use("INSERT INTO databases(rid, id, ts, etag) VALUES(?1, ?2, ?3, ?4)")
            .Bind(1, database.Rid).Bind(2, database.Id).Bind(3, database.Timestamp).Bind(4, database.Etag).Run());

    public void RemoveDatabase(Database database)
    {
        _erases = true;
        foreach (var container in database.Containers)
            RemoveContainer(container);
        Connection.Use("DELETE FROM databases WHERE rid = ?1").Bind(1, database.Rid).Run();
    }

    public bool AddContainer(Container container, string definition)
    {
        if (!Added(
            () => Connection.Use(
                "INSERT INTO containers(number, database, rid, id, definition, ts, etag, next_item) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")
                .Bind(1, container.Number).Bind(2, container.Database.Rid).Bind(3, container.Rid).Bind(4, container.Id)
                .Bind(5, definition).Bind(6, container.Timestamp).Bind(7, container.Etag).Bind(8, (long)container.NextItem).Run()))
            return false;
        Connection.Execute(Sql(container).Create);
        Provide(container, container.Definition);
        foreach (var partition in container.Partitions)
            SavePartition(container, partition);
        return true;
    }

    public void SaveContainer(Container container, ContainerDefinition definition, string json, long timestamp, string etag)
    {
        Connection.Use("UPDATE containers SET definition = ?2, ts = ?3, etag = ?4 WHERE number = ?1")
            .Bind(1, container.Number).Bind(2, json).Bind(3, timestamp).Bind(4, etag).Run();
        _erases = true;
        Provide(container, definition);
    }

    /// <summary>Tables and indexes that only some containers need.</summary>
    private void Provide(Container container, ContainerDefinition definition)
    {
        var sql = Sql(container);
        if (definition.UniqueKeys.Length > 0)
            Connection.Execute(sql.CreateUniqueKeys);
        if (definition.VersionRetention is not null)
            Connection.Execute(sql.CreateVersions);
        else
            Connection.Execute(sql.DropVersionLog);
        Connection.Execute(definition.DefaultTtl > 0 ? sql.CreateAge : sql.DropAge);
    }

    public void RemoveContainer(Container container)
    {
        _erases = true;
        Connection.Execute(Sql(container).Drop);
        Connection.Use("DELETE FROM partitions WHERE container = ?1").Bind(1, container.Number).Run();
        Connection.Use("DELETE FROM containers WHERE number = ?1").Bind(1, container.Number).Run();
    }

    public void AddIdIndex(Container container) => Connection.Execute(Sql(container).CreateIdIndex);

    public void SaveOffer(Offer offer)
    {
        Connection.Use("""
            INSERT INTO offers(number, resource, self, throughput, maximum, ts, etag) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)
            ON CONFLICT(number) DO UPDATE SET throughput = excluded.throughput, maximum = excluded.maximum,
                ts = excluded.ts, etag = excluded.etag
            """)
            .Bind(1, offer.Number).Bind(2, offer.ResourceRid).Bind(3, offer.ResourceSelf).Bind(4, offer.Throughput.UnitsPerSecond)
            .Bind(5, (long?)offer.Throughput.AutoscaleMaximum).Bind(6, offer.Timestamp).Bind(7, offer.Etag).Run();
        RemoveUpgrade(offer);
        if (offer.Throughput.UpgradePercent is not { } percent)
            return;
        // Few files need it, and those of before need not be changed.
        Connection.Execute($"CREATE TABLE IF NOT EXISTS {Schema.OfferUpgrades}(number INTEGER PRIMARY KEY, percent INTEGER NOT NULL)");
        Connection.Use($"INSERT INTO {Schema.OfferUpgrades} VALUES(?1, ?2)").Bind(1, offer.Number).Bind(2, percent).Run();
    }

    public void RemoveOffer(Offer offer)
    {
        Connection.Use("DELETE FROM offers WHERE number = ?1").Bind(1, offer.Number).Run();
        RemoveUpgrade(offer);
    }

    private void RemoveUpgrade(Offer offer)
    {
        if (Schema.HasOfferUpgrades(Connection))
            Connection.Use($"DELETE FROM {Schema.OfferUpgrades} WHERE number = ?1").Bind(1, offer.Number).Run();
    }

    public int NextNumber()
    {
        Run("UPDATE meta SET value = value + 1 WHERE key = 'next_number'");
        return (int)Connection.Scalar("SELECT value FROM meta WHERE key = 'next_number'");
    }

    public void TakeRoom()
    {
        GiveRoomBack();
        Connection.Execute("CREATE TABLE room(filler BLOB NOT NULL); INSERT INTO room VALUES(zeroblob(65536))");
    }

    public void GiveRoomBack() => Connection.Execute("DROP TABLE IF EXISTS room");

    public void Replay(ReplicatedCommit commit)
    {
        _erases = _replayed = true;
        KeptCommits.Replay(Connection, commit);
    }

    public void DropCommits(long upTo)
    {
        _erases = true;
        var recorder = Connection.Recorder;
        Connection.Recorder = null;
        Connection.Use("DELETE FROM replication WHERE number <= ?1").Bind(1, upTo).Run();
        Connection.Recorder = recorder;
    }

    public void SaveEpoch(int epoch, int writeRegion)
    {
        Connection.Use("UPDATE meta SET value = ?1 WHERE key = 'epoch'").Bind(1, epoch).Run();
        Connection.Use("UPDATE meta SET value = ?1 WHERE key = 'write_region'").Bind(1, writeRegion).Run();
    }

    private static bool Added(Action insert)
    {
        try
        {
            insert();
            return true;
        }
        catch (SqliteException exception) when (exception.IsConstraint)
        {
            return false;
        }
    }

    public override void Dispose()
    {
        Connection.Recorder = null;
        if (Connection.InTransaction)
            Run("ROLLBACK");
    }
}
