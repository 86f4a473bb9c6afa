namespace ChangeFeed.Emulator.Storage.Sqlite;

/// <summary>The commits a store keeps for its copies, in a table of their own, and what it knows of its place among them.</summary>
internal sealed class KeptCommits
{
    private TaskCompletionSource _kept = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _position;
    private int _epoch;
    private int _writeRegion;
    private volatile bool _keeps;

    public bool Keeps
    {
        get => _keeps;
        set => _keeps = value;
    }

    public long Position => Volatile.Read(ref _position);

    public int Epoch => Volatile.Read(ref _epoch);

    public int WriteRegion => Volatile.Read(ref _writeRegion);

    public Task Kept => Volatile.Read(ref _kept).Task;

    /// <summary>Makes the table where there is none, and reads how far the store is.</summary>
    public void Prepare(SqliteConnection connection)
    {
        connection.Execute("""
            CREATE TABLE IF NOT EXISTS replication(number INTEGER PRIMARY KEY, at INTEGER NOT NULL, changes BLOB NOT NULL);
            INSERT OR IGNORE INTO meta VALUES('replicated', 0), ('epoch', 0), ('write_region', 1);
            """);
        Read(connection);
    }

    public void Add(SqliteConnection connection, byte[] changes, long at)
    {
        var number = Position + 1;
        connection.Use("INSERT INTO replication(number, at, changes) VALUES(?1, ?2, ?3)").Bind(1, number).Bind(2, at).Bind(3, changes).Run();
        connection.Use("UPDATE meta SET value = ?1 WHERE key = 'replicated'").Bind(1, number).Run();
    }

    public static void Replay(SqliteConnection connection, ReplicatedCommit commit)
    {
        StatementRecorder.Replay(connection, commit.Changes);
        connection.Use("UPDATE meta SET value = ?1 WHERE key = 'replicated'").Bind(1, commit.Number).Run();
    }

    /// <summary>Called once a commit is on disk.</summary>
    public void Committed(SqliteConnection connection)
    {
        Read(connection);
        Interlocked.Exchange(ref _kept, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
    }

    private void Read(SqliteConnection connection)
    {
        Volatile.Write(ref _epoch, (int)connection.Scalar("SELECT value FROM meta WHERE key = 'epoch'"));
        Volatile.Write(ref _writeRegion, (int)connection.Scalar("SELECT value FROM meta WHERE key = 'write_region'"));
        Volatile.Write(ref _position, connection.Scalar("SELECT value FROM meta WHERE key = 'replicated'"));
    }

    public static List<ReplicatedCommit> Read(SqliteConnection connection, long after, int limit)
    {
        var commits = new List<ReplicatedCommit>();
        using var rows = connection.Use("SELECT number, at, changes FROM replication WHERE number > ?1 ORDER BY number LIMIT ?2")
            .Bind(1, after).Bind(2, limit);
        while (rows.Step())
            commits.Add(new(rows.Long(0), rows.Long(1), rows.Blob(2).ToArray()));
        return commits;
    }

    public static long? Oldest(SqliteConnection connection)
    {
        using var rows = connection.Use("SELECT min(number) FROM replication");
        return rows.Step() ? rows.LongOrNull(0) : null;
    }
}
