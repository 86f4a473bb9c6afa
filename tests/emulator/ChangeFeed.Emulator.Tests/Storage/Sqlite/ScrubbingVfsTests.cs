using System.Globalization;
using System.Text;
using ChangeFeed.Emulator.Storage.Sqlite;

namespace ChangeFeed.Emulator.Tests.Storage.Sqlite;

/// <summary>SQLite leaves copies of rows it has moved in the unused part of pages; they must not reach the data file.</summary>
public sealed class ScrubbingVfsTests
{
    private const int PageSize = 4096;

    [Fact]
    public void The_engine_is_newer_than_the_one_whose_checkpoints_could_damage_a_file()
    {
        using var directory = new TemporaryDirectory();
        using var connection = SqliteConnection.Open(directory.File("any.db"), readOnly: false);
        using var version = connection.Use("SELECT sqlite_version()");
        version.Step().ShouldBeTrue();

        // Up to 3.51.2, a log that is started over while others checkpoint could lose a commit ("WAL-reset bug").
        Version.Parse(version.Text(0)).ShouldBeGreaterThanOrEqualTo(new Version(3, 51, 3));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void No_page_of_the_data_file_holds_what_no_row_holds(int seed)
    {
        using var directory = new TemporaryDirectory();
        var file = directory.File("any.db");
        using (var connection = SqliteConnection.Open(file, readOnly: false))
        {
            connection.Execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA secure_delete = ON");
            connection.Execute("CREATE TABLE t(n INTEGER PRIMARY KEY, id TEXT, body TEXT); CREATE INDEX i ON t(id)");
            var random = new Random(seed);
            var rows = new List<int>();
            for (var n = 0; n < 6000; n++)
                Change(connection, random, rows, n);
            connection.Execute("DELETE FROM t WHERE id LIKE 'secret%'; PRAGMA wal_checkpoint(TRUNCATE)");
        }

        var bytes = File.ReadAllBytes(file);
        bytes.AsSpan().IndexOf("secret"u8).ShouldBe(-1);
        for (var offset = 0; offset < bytes.Length; offset += PageSize)
        {
            var page = bytes.AsSpan(offset, PageSize);
            var (start, length) = ScrubbingVfs.Gap(page, offset);
            page.Slice(start, length).ContainsAnyExcept((byte)0).ShouldBeFalse($"the gap of page {offset / PageSize + 1}");
        }
    }

    private static void Change(SqliteConnection connection, Random random, List<int> rows, int n)
    {
        var text = random.Next(2) == 0 ? "secret" : "public";
        var body = new StringBuilder().Insert(0, text, random.Next(1, 8) * random.Next(1, 100)).ToString();
        if (rows.Count == 0 || random.Next(10) < 6)
        {
            Run($"INSERT INTO t VALUES({n}, '{text}{random.NextInt64():x16}', '{body}')");
            rows.Add(n);
            return;
        }
        var chosen = rows[random.Next(rows.Count)];
        if (random.Next(2) == 0)
            Run($"UPDATE t SET body = '{body}', id = '{text}{random.NextInt64():x16}' WHERE n = {chosen}");
        else
            Run($"DELETE FROM t WHERE n = {chosen}");

        void Run(FormattableString sql) => connection.Execute(sql.ToString(CultureInfo.InvariantCulture));
    }
}
