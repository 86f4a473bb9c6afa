using System.Collections.Concurrent;
using System.Globalization;
using ChangeFeed.Emulator.Model;
using ChangeFeed.Emulator.Model.Partitioning;

namespace ChangeFeed.Emulator.Storage.Sqlite;

/// <summary>The store in one SQLite file: write-ahead log, a commit is on disk when it returns, what is deleted is overwritten.</summary>
internal sealed class SqliteStore : IReplicatedStore
{
    /// <summary>
    /// 128 GB. Up to there the first byte of a page tells whether it is one of a B-tree, which <see cref="ScrubbingVfs"/> has to know.
    /// </summary>
    public const long MaxPages = 0x01FF_FFFF;

    private const int IdleReaders = 16;

    private readonly ConcurrentStack<SqliteConnection> _readers = [];
    private readonly ConcurrentDictionary<int, ContainerSql> _statements = [];
    private readonly SqliteConnection _writer;
    private readonly CommitLog _log;
    private readonly WalCheckpoints _checkpoints;
    private readonly KeptCommits? _kept;
    private readonly TimeProvider _time;
    private readonly string _path;
    private int _idle;

    /// <exception cref="EmulatorStartException">The data is of another format, or ends before what was acknowledged.</exception>
    public SqliteStore(string path, bool durable, TimeProvider time, long? maxBytes = null, bool replicated = false)
    {
        (_path, _time) = (path, time);
        Health = new(path);
        foreach (var file in (string[])[path, $"{path}-wal", $"{path}-shm"])
            if (file == path || File.Exists(file))
                Files.Own(file);
        var leftInLog = new FileInfo($"{path}-wal") is { Exists: true, Length: > 0 };
        _log = new(durable ? new(AcknowledgedFile(path)) : null, Health);
        _writer = SqliteConnection.Open(path, readOnly: false);
        try
        {
            _writer.Execute("PRAGMA journal_mode = WAL");
            _writer.Execute($"PRAGMA synchronous = {(durable ? "FULL" : "OFF")}");
            _writer.Execute("PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY; PRAGMA wal_autocheckpoint = 0; PRAGMA secure_delete = ON");
            var limit = (maxBytes ?? long.MaxValue) / _writer.Scalar("PRAGMA page_size");
            _writer.Execute($"PRAGMA max_page_count = {Math.Min(limit, MaxPages)}");
            ThrowIfCutOff();
            Schema.Prepare(_writer, path);
            if (_log.Load(_writer) is > 0 and var lost)
                throw new EmulatorStartException(
                    $"The data file {path} ends {lost} commits before the last one acknowledged: its write-ahead log is lost or damaged; "
                    + "restore the directory from a copy, choose another --data directory, or accept the loss with 'cosmos-emulator repair'.");
            if (replicated)
                (_kept = new()).Prepare(_writer);
            _log.Begin();
            _checkpoints = new(path, durable, _log, Health, time);
            if (leftInLog)
                _checkpoints.Erased();
        }
        catch
        {
            _writer.Dispose();
            _log.Dispose();
            throw;
        }
    }

    public StoreHealth Health { get; }

    public long Size => new FileInfo(_path).Length;

    public static string AcknowledgedFile(string path) => Path.ChangeExtension(path, ".acknowledged");

    /// <summary>Pages that are neither in the file nor can be in the log.</summary>
    private void ThrowIfCutOff()
    {
        const int LogHeader = 32, FrameHeader = 24;
        var size = _writer.Scalar("PRAGMA page_size");
        var log = new FileInfo($"{_path}-wal");
        var frames = log.Exists ? Math.Max(0, log.Length - LogHeader) / (size + FrameHeader) : 0;
        var (has, needs) = (Size / size, _writer.Scalar("PRAGMA page_count"));
        if (has + frames < needs)
            throw new SqliteException(SQLitePCL.raw.SQLITE_CORRUPT, $"it has {has} of {needs} pages; the rest is cut off");
    }

    public Catalogue Load() => new CatalogueReader(_writer, SqlOf).Read();

    public IReadSession Read() => new SqliteReadSession(TakeReader(), SqlOf, GiveBack);

    private SqliteConnection TakeReader()
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
        return connection;
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

    public IWriteSession Write() => new SqliteWriteSession(_writer, SqlOf, _log, _kept, _time, _checkpoints.Erased);

    private KeptCommits Kept => _kept ?? throw new InvalidOperationException("This store was opened as one without copies.");

    public bool KeepsCommits
    {
        get => Kept.Keeps;
        set => Kept.Keeps = value;
    }

    public long Position => Kept.Position;

    public int Epoch => Kept.Epoch;

    public int WriteRegion => Kept.WriteRegion;

    Task IReplicatedStore.Kept => Kept.Kept;

    public long? OldestCommit => OnReader(KeptCommits.Oldest);

    public IReadOnlyList<ReplicatedCommit> Commits(long after, int limit) => OnReader(connection => KeptCommits.Read(connection, after, limit));

    public void CopyTo(string path)
    {
        using var connection = SqliteConnection.Open(_path, readOnly: true);
        connection.Use("VACUUM INTO ?1").Bind(1, path).Run();
    }

    private T OnReader<T>(Func<SqliteConnection, T> read)
    {
        var connection = TakeReader();
        try
        {
            return read(connection);
        }
        finally
        {
            GiveBack(connection);
        }
    }

    public void AfterCommit() => _checkpoints.Committed(_writer);

    public bool WantsCommit() => _checkpoints.WantsCommit();

    public Task CheckAsync(CancellationToken stopping) => Task.Factory.StartNew(
        new IntegrityCheck(_path, Health, () => _checkpoints.IsHeldUp, _time, stopping).Run,
        CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private ContainerSql SqlOf(Container container) => SqlOf(container.Number);

    private ContainerSql SqlOf(int number) => _statements.GetOrAdd(number, static number => new(number));

    public void Dispose()
    {
        while (_readers.TryPop(out var reader))
            reader.Dispose();
        _checkpoints.Dispose();
        _writer.Dispose();
        _log.Dispose();
    }
}
