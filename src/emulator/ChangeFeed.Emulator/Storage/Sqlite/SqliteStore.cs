using System.Collections.Concurrent;
using System.Globalization;
using ChangeFeed.Emulator.Model;
using ChangeFeed.Emulator.Model.Partitioning;

namespace ChangeFeed.Emulator.Storage.Sqlite;

/// <summary>The store in one SQLite file: write-ahead log, a commit is on disk when it returns.</summary>
sealed class SqliteStore : IStore
{
    const int ApplicationId = 0x436F736D;
    const int Format = 1;
    const int IdleReaders = 16;

    readonly ConcurrentStack<SqliteConnection> readers = [];
    readonly ConcurrentDictionary<int, ContainerSql> statements = [];
    readonly SqliteConnection writer;
    readonly WalCheckpoints checkpoints;
    readonly string path;
    int idle;

    public SqliteStore(string path, bool durable, long? maxBytes = null)
    {
        this.path = path;
        writer = SqliteConnection.Open(path, readOnly: false);
        try
        {
            writer.Execute("PRAGMA journal_mode = WAL");
            writer.Execute($"PRAGMA synchronous = {(durable ? "FULL" : "OFF")}");
            writer.Execute("PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY; PRAGMA wal_autocheckpoint = 0");
            if (maxBytes is { } limit)
                writer.Execute($"PRAGMA max_page_count = {limit / writer.Scalar("PRAGMA page_size")}");
            Prepare();
            checkpoints = new(path, durable);
        }
        catch
        {
            writer.Dispose();
            throw;
        }
    }

    public long Size => new FileInfo(path).Length;

    void Prepare()
    {
        var application = writer.Scalar("PRAGMA application_id");
        if (application == 0 && writer.Scalar("SELECT count(*) FROM sqlite_master") == 0)
        {
            writer.Execute($"""
                BEGIN IMMEDIATE;
                PRAGMA application_id = {ApplicationId};
                PRAGMA user_version = {Format};
                CREATE TABLE meta(key TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
                INSERT INTO meta VALUES('next_number', 0);
                CREATE TABLE databases(rid INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, ts INTEGER NOT NULL, etag TEXT NOT NULL);
                CREATE TABLE containers(
                    number INTEGER PRIMARY KEY, database INTEGER NOT NULL, rid INTEGER NOT NULL, id TEXT NOT NULL, definition TEXT NOT NULL,
                    ts INTEGER NOT NULL, etag TEXT NOT NULL, next_item INTEGER NOT NULL, UNIQUE(database, id));
                CREATE TABLE partitions(
                    container INTEGER NOT NULL, range INTEGER NOT NULL, min BLOB NOT NULL, max BLOB NOT NULL, parents TEXT NOT NULL,
                    lsn INTEGER NOT NULL, versions_from INTEGER NOT NULL, PRIMARY KEY(container, range)) WITHOUT ROWID;
                CREATE TABLE offers(
                    number INTEGER PRIMARY KEY, resource TEXT NOT NULL, self TEXT NOT NULL, throughput INTEGER NOT NULL, maximum INTEGER,
                    ts INTEGER NOT NULL, etag TEXT NOT NULL);
                COMMIT;
                """);
            return;
        }

        if (application != ApplicationId)
            throw new EmulatorStartException($"{path} is not a data file of this emulator; choose another --data directory.");
        if (writer.Scalar("PRAGMA user_version") is var format && format != Format)
            throw new EmulatorStartException($"{path} has data format {format}, this emulator reads {Format}; use the emulator that wrote it or another --data directory.");
    }

    public Catalogue Load()
    {
        var catalogue = new Catalogue();
        var byRid = new Dictionary<long, Database>();
        using (var rows = writer.Use("SELECT rid, id, ts, etag FROM databases"))
        {
            while (rows.Step())
            {
                var database = new Database((uint)rows.Long(0), rows.Text(1), rows.Long(2), rows.Text(3));
                byRid.Add(rows.Long(0), database);
                catalogue.Add(database);
            }
        }

        using var containers = writer.Use("SELECT number, database, rid, definition, ts, etag, next_item FROM containers");
        while (containers.Step())
        {
            var number = (int)containers.Long(0);
            var database = byRid[containers.Long(1)];
            database.Add(new(
                database, number, (uint)containers.Long(2), ContainerJson.Parse(containers.Text(3)), containers.Long(4), containers.Text(5),
                LoadPartitions(number), (ulong)containers.Long(6)) { HasIdIndex = HasIndex($"id_{number}") });
        }
        using var offers = writer.Use("SELECT number, resource, self, throughput, maximum, ts, etag FROM offers");
        while (offers.Step())
            catalogue.Add(new Offer((int)offers.Long(0), offers.Text(1), offers.Text(2), (int)offers.Long(3), (int?)offers.LongOrNull(4), offers.Long(5), offers.Text(6)));
        return catalogue;
    }

    bool HasIndex(string name)
    {
        using var index = writer.Use("SELECT 1 FROM sqlite_master WHERE type = 'index' AND name = ?1").Bind(1, name);
        return index.Step();
    }

    List<Partition> LoadPartitions(int container)
    {
        var partitions = new List<Partition>();
        using var rows = writer.Use("SELECT range, min, max, parents, lsn, versions_from FROM partitions WHERE container = ?1").Bind(1, container);
        while (rows.Step())
        {
            var range = (int)rows.Long(0);
            using var last = writer.Use(SqlOf(container).LastPosition).Bind(1, range);
            last.Step();
            // A partition's LSN is written down only where no item shows it, such as after a delete.
            var lsn = Math.Max(rows.Long(4), StoredItem.LsnOf(last.Long(0)));
            var parents = rows.Text(3).Split(',', StringSplitOptions.RemoveEmptyEntries);
            partitions.Add(new(
                range, new(rows.Blob(1).ToArray(), rows.Blob(2).ToArray()), [.. parents.Select(parent => int.Parse(parent, CultureInfo.InvariantCulture))], lsn) { VersionsFrom = rows.Long(5) });
        }
        return partitions;
    }

    public IReadSession Read()
    {
        if (readers.TryPop(out var connection))
        {
            Interlocked.Decrement(ref idle);
        }
        else
        {
            connection = SqliteConnection.Open(path, readOnly: true);
            connection.Execute("PRAGMA cache_size = -4096; PRAGMA temp_store = MEMORY; PRAGMA query_only = ON");
        }
        return new SqliteReadSession(connection, SqlOf, GiveBack);
    }

    void GiveBack(SqliteConnection connection)
    {
        if (Interlocked.Increment(ref idle) <= IdleReaders)
        {
            readers.Push(connection);
            return;
        }
        Interlocked.Decrement(ref idle);
        connection.Dispose();
    }

    public IWriteSession Write() => new SqliteWriteSession(writer, SqlOf);

    public void AfterCommit() => checkpoints.Committed(writer);

    ContainerSql SqlOf(Container container) => SqlOf(container.Number);

    ContainerSql SqlOf(int number) => statements.GetOrAdd(number, static number => new(number));

    public void Dispose()
    {
        while (readers.TryPop(out var reader))
            reader.Dispose();
        checkpoints.Dispose();
        writer.Dispose();
    }
}
