namespace ChangeFeed.Emulator.Storage.Sqlite;

/// <summary>
/// The statements of one container. Items lie in rid order, which is creation order, so that bodies are appended;
/// the feed is a narrow table beside them, so that a rewrite or a split moves no bodies.
/// </summary>
internal sealed class ContainerSql(int number)
{
    public string Create { get; } = $"""
        CREATE TABLE items_{number}(
            rid INTEGER PRIMARY KEY, epk BLOB NOT NULL, id TEXT NOT NULL, pos INTEGER NOT NULL,
            ts INTEGER NOT NULL, ttl INTEGER, body BLOB NOT NULL, sum INTEGER);
        CREATE UNIQUE INDEX key_{number} ON items_{number}(epk, id);
        CREATE INDEX expiry_{number} ON items_{number}(ts + ttl) WHERE ttl > 0;
        CREATE TABLE feed_{number}(range INTEGER NOT NULL, pos INTEGER NOT NULL, rid INTEGER NOT NULL,
            PRIMARY KEY(range, pos)) WITHOUT ROWID;
        """;

    public string CreateUniqueKeys { get; } = $"""
        CREATE TABLE IF NOT EXISTS unique_{number}(epk BLOB NOT NULL, key BLOB NOT NULL, rid INTEGER NOT NULL,
            PRIMARY KEY(epk, key)) WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS unique_rid_{number} ON unique_{number}(rid);
        """;

    public string CreateVersions { get; } = $"""
        CREATE TABLE IF NOT EXISTS versions_{number}(
            range INTEGER NOT NULL, pos INTEGER NOT NULL, epk BLOB NOT NULL, op INTEGER NOT NULL, ts INTEGER NOT NULL, previous_pos INTEGER,
            current BLOB, previous BLOB, sum INTEGER, PRIMARY KEY(range, pos)) WITHOUT ROWID;
        """;

    /// <summary>Nobody can read versions of a container that does not keep them any more.</summary>
    public string DropVersionLog { get; } = $"DROP TABLE IF EXISTS versions_{number}";

    public string CreateAge { get; } = $"CREATE INDEX IF NOT EXISTS age_{number} ON items_{number}(ts) WHERE ttl IS NULL";

    public string DropAge { get; } = $"DROP INDEX IF EXISTS age_{number}";

    public string Drop { get; } =
        $"DROP TABLE items_{number}; DROP TABLE feed_{number}; "
        + $"DROP TABLE IF EXISTS unique_{number}; DROP TABLE IF EXISTS versions_{number};";

    public string Find { get; } = $"SELECT rid, pos, ts, ttl, body, sum FROM items_{number} WHERE epk = ?1 AND id = ?2";

    public string FindHead { get; } = $"SELECT rid, pos, ts, ttl, length(body) FROM items_{number} WHERE epk = ?1 AND id = ?2";

    public string Insert { get; } =
        $"INSERT INTO items_{number}(rid, epk, id, pos, ts, ttl, body, sum) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";

    public string InsertFeed { get; } = $"INSERT INTO feed_{number}(range, pos, rid) VALUES(?1, ?2, ?3)";

    public string Update { get; } = $"UPDATE items_{number} SET pos = ?2, ts = ?3, ttl = ?4, body = ?5, sum = ?6 WHERE rid = ?1";

    public string UpdateFeed { get; } = $"UPDATE feed_{number} SET pos = ?3 WHERE range = ?1 AND pos = ?2";

    public string Delete { get; } = $"DELETE FROM items_{number} WHERE rid = ?1";

    public string DeleteFeed { get; } = $"DELETE FROM feed_{number} WHERE range = ?1 AND pos = ?2";

    public string ReadFeed { get; } = $"""
        SELECT i.rid, f.pos, i.ts, i.ttl, i.body, i.epk, i.id, i.sum FROM feed_{number} f CROSS JOIN items_{number} i ON i.rid = f.rid
        WHERE f.range = ?1 AND f.pos > ?2 ORDER BY f.pos
        """;

    public string LastPosition { get; } = $"SELECT max(pos) FROM feed_{number} WHERE range = ?1";

    public string TimeAt { get; } = $"""
        SELECT f.pos, i.ts FROM feed_{number} f CROSS JOIN items_{number} i ON i.rid = f.rid
        WHERE f.range = ?1 AND f.pos >= ?2 ORDER BY f.pos LIMIT 1
        """;

    public string Count { get; } = $"SELECT count(*) FROM feed_{number} WHERE range = ?1";

    public string Bytes { get; } = $"SELECT sum(length(body)) FROM items_{number}";

    public string BytesOf { get; } =
        $"SELECT sum(length(i.body)) FROM feed_{number} f CROSS JOIN items_{number} i ON i.rid = f.rid WHERE f.range = ?1";

    // The plus keeps SQLite from taking the key index, which would lose the order.
    public string ScanUp { get; } =
        $"SELECT rid, ts, ttl, body, sum FROM items_{number} WHERE rid > ?1 AND +epk >= ?2 AND +epk < ?3 ORDER BY rid";

    public string ScanDown { get; } =
        $"SELECT rid, ts, ttl, body, sum FROM items_{number} WHERE rid < ?1 AND +epk >= ?2 AND +epk < ?3 ORDER BY rid DESC";

    public string ScanOne { get; } = $"SELECT rid, ts, ttl, body, sum FROM items_{number} WHERE rid = ?1";

    public string RidsOfKey { get; } = $"SELECT rid FROM items_{number} INDEXED BY key_{number} WHERE epk >= ?1 AND epk < ?2";

    public string RidsOfKeyAndId { get; } =
        $"SELECT rid FROM items_{number} INDEXED BY key_{number} WHERE epk >= ?1 AND epk < ?2 AND id = ?3";

    public string RidsOfWholeKeyAndId { get; } =
        $"SELECT rid FROM items_{number} INDEXED BY key_{number} WHERE epk = ?1 AND ?2 IS NOT NULL AND id = ?3";

    public string RidsOfId { get; } = $"SELECT rid FROM items_{number} INDEXED BY id_{number} WHERE +epk >= ?1 AND +epk < ?2 AND id = ?3";

    public string CreateIdIndex { get; } = $"CREATE INDEX IF NOT EXISTS id_{number} ON items_{number}(id)";

    public string FindRid { get; } = $"{AllColumns} FROM items_{number} WHERE rid = ?1";

    public string MoveFeed { get; } = $"""
        INSERT INTO feed_{number}(range, pos, rid)
        SELECT CASE WHEN i.epk < ?2 THEN ?3 ELSE ?4 END, f.pos, f.rid FROM feed_{number} f CROSS JOIN items_{number} i ON i.rid = f.rid
        WHERE f.range = ?1
        """;

    public string DropFeed { get; } = $"DELETE FROM feed_{number} WHERE range = ?1";

    public string MoveVersions { get; } = $"UPDATE versions_{number} SET range = CASE WHEN epk < ?2 THEN ?3 ELSE ?4 END WHERE range = ?1";

    public string InsertVersion { get; } =
        $"INSERT INTO versions_{number}(range, pos, epk, op, ts, previous_pos, current, previous, sum) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";

    public string ReadVersions { get; } =
        $"SELECT pos, epk, op, ts, previous_pos, current, previous, sum FROM versions_{number} WHERE range = ?1 AND pos > ?2 ORDER BY pos";

    public string OldestVersion { get; } = $"SELECT ts FROM versions_{number} WHERE range = ?1 ORDER BY pos LIMIT 1";

    // Time never goes back along positions: what is old comes first, and nothing behind it need be looked at.
    public string OldVersions { get; } =
        $"SELECT pos FROM (SELECT pos, ts FROM versions_{number} WHERE range = ?1 ORDER BY pos LIMIT ?3) WHERE ts < ?2 ORDER BY pos";

    public string DropVersions { get; } = $"DELETE FROM versions_{number} WHERE range = ?1 AND pos <= ?2";

    public string FindUniqueKey { get; } = $"SELECT rid FROM unique_{number} WHERE epk = ?1 AND key = ?2";

    public string InsertUniqueKey { get; } = $"INSERT INTO unique_{number}(epk, key, rid) VALUES(?1, ?2, ?3)";

    public string DeleteUniqueKeys { get; } = $"DELETE FROM unique_{number} WHERE rid = ?1";

    public string ExpiredOfOwn { get; } = $"{AllColumns} FROM items_{number} WHERE ttl > 0 AND ts + ttl <= ?1 LIMIT ?2";

    public string ExpiredByDefault { get; } = $"{AllColumns} FROM items_{number} WHERE ttl IS NULL AND ts <= ?1 LIMIT ?2";

    private const string AllColumns = "SELECT rid, pos, ts, ttl, body, epk, id, sum";
}
