using System.Runtime.InteropServices;
using ChangeFeed.Emulator.Storage.Sqlite;

namespace ChangeFeed.Emulator.Tests.Storage.Sqlite;

/// <summary>
/// A reader and a commit pass each other by pauses of a few microseconds. A build of SQLite that knows only whole seconds rounds
/// each of them up, and under load a read stands still for a second now and then: such a package must not come back.
/// </summary>
public sealed class SqlitePauseTests
{
    [Fact]
    public void Sqlite_sleeps_for_a_millisecond_when_it_wants_to_not_for_a_second()
    {
        using var directory = new TemporaryDirectory();
        using var connection = SqliteConnection.Open(Path.Combine(directory.Path, "any.db"), readOnly: false);

        sqlite3_sleep(1).ShouldBe(1);
    }

    /// <summary>Sleeps with the default file layer; returns for how many milliseconds.</summary>
    [DllImport("e_sqlite3")]
    private static extern int sqlite3_sleep(int milliseconds);
}
