using System.Security.Cryptography;

namespace ChangeFeed.Emulator.Storage.Sqlite;

/// <summary>The tables that every data file has, and how a file of an older format becomes one of this.</summary>
internal static class Schema
{
    private const int ApplicationId = 0x436F736D;
    private const int Format = 2;

    /// <summary>By how much the maxima of offers are raised; made with the first of them.</summary>
    public const string OfferUpgrades = "offer_upgrades";

    public static bool HasOfferUpgrades(SqliteConnection connection) =>
        connection.Scalar($"SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = '{OfferUpgrades}'") > 0;

    /// <exception cref="EmulatorStartException">The file is not one of this emulator, or of a format it does not know.</exception>
    public static void Prepare(SqliteConnection connection, string path)
    {
        var application = connection.Scalar("PRAGMA application_id");
        if (application == 0 && connection.Scalar("SELECT count(*) FROM sqlite_master") == 0)
        {
            Create(connection);
            return;
        }

        if (application != ApplicationId)
            throw new EmulatorStartException($"{path} is not a data file of this emulator; choose another --data directory.");
        switch (connection.Scalar("PRAGMA user_version"))
        {
            case 1:
                UpgradeFrom1(connection);
                break;
            case Format:
                break;
            case var format:
                throw new EmulatorStartException(
                    $"{path} has data format {format}, this emulator reads {Format}; "
                    + "use the emulator that wrote it or another --data directory.");
        }
    }

    public static void Create(SqliteConnection connection) => connection.Execute($"""
        BEGIN IMMEDIATE;
        PRAGMA application_id = {ApplicationId};
        PRAGMA user_version = {Format};
        CREATE TABLE meta(key TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
        INSERT INTO meta VALUES('next_number', 0), {Counters()};
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

    /// <summary>Checksums, the number of the last commit, and what was deleted goes from the file: format 1 left it in free pages.</summary>
    private static void UpgradeFrom1(SqliteConnection connection)
    {
        // The copy that VACUUM makes is as large as the data.
        connection.Execute("PRAGMA temp_store = FILE; VACUUM; PRAGMA temp_store = MEMORY");
        var tables = new List<string>();
        using (var rows = connection.Use("SELECT name FROM sqlite_master WHERE type = 'table' AND (name GLOB 'items_*' OR name GLOB 'versions_*')"))
            while (rows.Step())
                tables.Add(rows.Text(0));
        connection.Execute($"""
            BEGIN IMMEDIATE;
            {string.Concat(tables.Select(table => $"ALTER TABLE {table} ADD COLUMN sum INTEGER;"))}
            INSERT INTO meta VALUES {Counters()};
            PRAGMA user_version = {Format};
            COMMIT;
            """);
    }

    /// <summary>The store's own number tells the mark of its last commit from that of another store.</summary>
    private static string Counters() =>
        $"('commits', 0), ('store', {BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long)))})";
}
