using System.Collections.Concurrent;
using System.Globalization;
using ChangeFeed.Emulator.Model;
using ChangeFeed.Emulator.Model.Partitioning;

namespace ChangeFeed.Emulator.Storage.Sqlite;

/// <summary>The store in one SQLite file: write-ahead log, a commit is on disk when it returns.</summary>
internal sealed class SqliteStore : IStore
{
    private const int ApplicationId = 0x436F736D;
    private const int Format = 1;
    private const int IdleReaders = 16;

    private readonly ConcurrentStack<SqliteConnection> _readers = [];
    private readonly ConcurrentDictionary<int, ContainerSql> _statements = [];
    private readonly SqliteConnection _writer;
    private readonly WalCheckpoints _checkpoints;
    private readonly string _path;
    private int _idle;

    public SqliteStore(string path, bool durable, long? maxBytes = null)
    {
        _path = path;
        _writer = SqliteConnection.Open(path, readOnly: false);
        try
        {
            _writer.Execute("PRAGMA journal_mode = WAL");
            _writer.Execute($"PRAGMA synchronous = {(durable ? "FULL" : "OFF")}");
            _writer.Execute("PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY; PRAGMA wal_autocheckpoint = 0");
            if (maxBytes is { } limit)
                _writer.Execute($"PRAGMA max_page_count = {limit / _writer.Scalar("PRAGMA page_size")}");
            Prepare();
            _checkpoints = new(path, durable);
        }
        catch
        {
            _writer.Dispose();
            throw;
        }
    }

    public long Size => new FileInfo(_path).Length;

    private void Prepare()
    {
        var application = _writer.Scalar("PRAGMA application_id");
        if (application == 0 && _writer.Scalar("SELECT count(*) FROM sqlite_master") == 0)
        {
            _writer.Execute($"""
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
            throw new EmulatorStartException($"{_path} is not a data file of this emulator; choose another --data directory.");
        if (_writer.Scalar("PRAGMA user_version") is var format && format != Format)
            throw new EmulatorStartException(
                $"{_path} has data format {format}, this emulator reads {Format}; "
                + "use the emulator that wrote it or another --data directory.");
    }

    public Catalogue Load()
    {
        var catalogue = new Catalogue();
        var byRid = new Dictionary<long, Database>();
        using (var rows = _writer.Use("SELECT rid, id, ts, etag FROM databases"))
        {
            while (rows.Step())
            {
                var database = new Database((uint)rows.Long(0), rows.Text(1), rows.Long(2), rows.Text(3));
                byRid.Add(rows.Long(0), database);
                catalogue.Add(database);
            }
        }

        using var containers = _writer.Use("SELECT number, database, rid, definition, ts, etag, next_item FROM containers");
        while (containers.Step())
        {
            var number = (int)containers.Long(0);
            var database = byRid[containers.Long(1)];
            database.Add(new(
                database, number, (uint)containers.Long(2), ContainerJson.Parse(containers.Text(3)), containers.Long(4), containers.Text(5),
                LoadPartitions(number), (ulong)containers.Long(6))
            { HasIdIndex = HasIndex($"id_{number}") });
        }
        using var offers = _writer.Use("SELECT number, resource, self, throughput, maximum, ts, etag FROM offers");
        while (offers.Step())
            catalogue.Add(
                new Offer(
                    (int)offers.Long(0),
                    offers.Text(1),
                    offers.Text(2),
                    (int)offers.Long(3),
                    (int?)offers.LongOrNull(4),
                    offers.Long(5),
                    offers.Text(6)));
        return catalogue;
    }

    private bool HasIndex(string name)
    {
        using var index = _writer.Use("SELECT 1 FROM sqlite_master WHERE type = 'index' AND name = ?1").Bind(1, name);
        return index.Step();
    }

    private List<Partition> LoadPartitions(int container)
    {
        var partitions = new List<Partition>();
        using var rows = _writer
            .Use("SELECT range, min, max, parents, lsn, versions_from FROM partitions WHERE container = ?1")
            .Bind(1, container);
        while (rows.Step())
        {
            var range = (int)rows.Long(0);
            using var last = _writer.Use(SqlOf(container).LastPosition).Bind(1, range);
            last.Step();
            // A partition's LSN is written down only where no item shows it, such as after a delete.
            var lsn = Math.Max(rows.Long(4), StoredItem.LsnOf(last.Long(0)));
            var parents = rows.Text(3).Split(',', StringSplitOptions.RemoveEmptyEntries);
            partitions.Add(new(
                range,
                new(rows.Blob(1).ToArray(), rows.Blob(2).ToArray()),
                [.. parents.Select(parent => int.Parse(parent, CultureInfo.InvariantCulture))],
                lsn)
            {
                VersionsFrom = rows.Long(5)
            });
        }
        return partitions;
    }

    public IReadSession Read()
    {
        if (_readers.TryPop(out var connection))
        {
            Interlocked.Decrement(ref _idle);
        }
        else
        {
            connection = SqliteConnection.Open(_path, readOnly: true);
            connection.Execute("PRAGMA cache_size = -4096; PRAGMA temp_store = MEMORY; PRAGMA query_only = ON");
        }
        return new SqliteReadSession(connection, SqlOf, GiveBack);
    }

    private void GiveBack(SqliteConnection connection)
    {
        if (Interlocked.Increment(ref _idle) <= IdleReaders)
        {
            _readers.Push(connection);
            return;
        }
        Interlocked.Decrement(ref _idle);
        connection.Dispose();
    }

    public IWriteSession Write() => new SqliteWriteSession(_writer, SqlOf);

    public void AfterCommit() => _checkpoints.Committed(_writer);

    private ContainerSql SqlOf(Container container) => SqlOf(container.Number);

    private ContainerSql SqlOf(int number) => _statements.GetOrAdd(number, static number => new(number));

    public void Dispose()
    {
        while (_readers.TryPop(out var reader))
            reader.Dispose();
        _checkpoints.Dispose();
        _writer.Dispose();
    }
}
