using System.Runtime.InteropServices;
using OrderPipeline.Emulator.Storage.Sqlite;

namespace OrderPipeline.Emulator.Tests;

public sealed class PreciseSleepTests
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
