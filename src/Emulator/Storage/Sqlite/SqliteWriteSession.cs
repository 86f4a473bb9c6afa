using System.Globalization;
using OrderPipeline.Emulator.Resources;

namespace OrderPipeline.Emulator.Storage.Sqlite;

/// <summary>The one write transaction; rolled back when disposed without a commit.</summary>
sealed class SqliteWriteSession : SqliteReadSession, IWriteSession
{
    public SqliteWriteSession(SqliteConnection connection, Func<Container, ContainerSql> sql) : base(connection, sql, null) =>
        Run("BEGIN IMMEDIATE");

    public void Savepoint() => Run("SAVEPOINT step");

    public void RollbackToSavepoint() => Run("ROLLBACK TO step");

    public void Commit() => Run("COMMIT");

    void Run(string sql) => Connection.Use(sql).Run();

    public void Insert(Container container, int partition, in StoredItem item)
    {
        var sql = Sql(container);
        Connection.Use(sql.Insert)
            .Bind(1, (long)item.Rid).Bind(2, item.Epk).Bind(3, item.Id).Bind(4, item.Position)
            .Bind(5, item.Timestamp).Bind(6, item.Ttl).Bind(7, item.Body).Run();
        Connection.Use(sql.InsertFeed).Bind(1, partition).Bind(2, item.Position).Bind(3, (long)item.Rid).Run();
    }

    public void Update(Container container, int partition, long oldPosition, in StoredItem item)
    {
        var sql = Sql(container);
        Connection.Use(sql.Update)
            .Bind(1, (long)item.Rid).Bind(2, item.Position).Bind(3, item.Timestamp).Bind(4, item.Ttl).Bind(5, item.Body).Run();
        Connection.Use(sql.UpdateFeed).Bind(1, partition).Bind(2, oldPosition).Bind(3, item.Position).Run();
    }

    public void Delete(Container container, int partition, in StoredItem item)
    {
        var sql = Sql(container);
        Connection.Use(sql.Delete).Bind(1, (long)item.Rid).Run();
        Connection.Use(sql.DeleteFeed).Bind(1, partition).Bind(2, item.Position).Run();
    }

    public void SavePartition(Container container, Partition partition) =>
        Connection.Use("""
            INSERT INTO partitions(container, range, min, max, parents, lsn) VALUES(?1, ?2, ?3, ?4, ?5, ?6)
            ON CONFLICT(container, range) DO UPDATE SET lsn = excluded.lsn
            """)
            .Bind(1, container.Number).Bind(2, partition.Id).Bind(3, partition.Range.Min).Bind(4, partition.Range.Max)
            .Bind(5, string.Join(',', partition.Parents.Select(parent => parent.ToString(CultureInfo.InvariantCulture))))
            .Bind(6, partition.PendingLsn).Run();

    public void SaveItemCounter(Container container, ulong reserved) =>
        Connection.Use("UPDATE containers SET next_item = ?2 WHERE number = ?1").Bind(1, container.Number).Bind(2, (long)reserved).Run();

    public bool AddDatabase(Database database) =>
        Added(() => Connection.Use("INSERT INTO databases(rid, id, ts, etag) VALUES(?1, ?2, ?3, ?4)")
            .Bind(1, database.Rid).Bind(2, database.Id).Bind(3, database.Timestamp).Bind(4, database.Etag).Run());

    public void RemoveDatabase(Database database)
    {
        foreach (var container in database.Containers)
            RemoveContainer(container);
        Connection.Use("DELETE FROM databases WHERE rid = ?1").Bind(1, database.Rid).Run();
    }

    public bool AddContainer(Container container, string definition)
    {
        if (!Added(() => Connection.Use("INSERT INTO containers(number, database, rid, id, definition, ts, etag, next_item) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")
                .Bind(1, container.Number).Bind(2, container.Database.Rid).Bind(3, container.Rid).Bind(4, container.Id)
                .Bind(5, definition).Bind(6, container.Timestamp).Bind(7, container.Etag).Bind(8, (long)container.NextItem).Run()))
            return false;
        Connection.Execute(Sql(container).Create);
        foreach (var partition in container.Partitions)
            SavePartition(container, partition);
        return true;
    }

    public void SaveContainer(Container container, ContainerDefinition definition, string json, long timestamp, string etag) =>
        Connection.Use("UPDATE containers SET definition = ?2, ts = ?3, etag = ?4 WHERE number = ?1")
            .Bind(1, container.Number).Bind(2, json).Bind(3, timestamp).Bind(4, etag).Run();

    public void RemoveContainer(Container container)
    {
        Connection.Execute(Sql(container).Drop);
        Connection.Use("DELETE FROM partitions WHERE container = ?1").Bind(1, container.Number).Run();
        Connection.Use("DELETE FROM containers WHERE number = ?1").Bind(1, container.Number).Run();
    }

    public int NextNumber()
    {
        Run("UPDATE meta SET value = value + 1 WHERE key = 'next_number'");
        return (int)Connection.Scalar("SELECT value FROM meta WHERE key = 'next_number'");
    }

    static bool Added(Action insert)
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
        if (Connection.InTransaction)
            Run("ROLLBACK");
    }
}
