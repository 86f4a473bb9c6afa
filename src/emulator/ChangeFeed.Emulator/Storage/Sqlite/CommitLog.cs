namespace ChangeFeed.Emulator.Storage.Sqlite;

/// <summary>
/// Counts commits, in the data and beside it: <see cref="AcknowledgedCommits"/> says how far the data must reach.
/// </summary>
internal sealed class CommitLog(AcknowledgedCommits? acknowledged, StoreHealth health) : IDisposable
{
    private long _store;

    /// <summary>The number of the last commit.</summary>
    public long Last { get; private set; }

    /// <summary>Commits acknowledged that the data does not have; 0 where it has them all.</summary>
    public long Load(SqliteConnection connection)
    {
        _store = connection.Scalar("SELECT value FROM meta WHERE key = 'store'");
        Last = connection.Scalar("SELECT value FROM meta WHERE key = 'commits'");
        return Math.Max(0, (acknowledged?.Read(_store) ?? 0) - Last);
    }

    /// <summary>Begins to say how far the data reaches, whatever was said before.</summary>
    public void Begin() => Say(Last);

    /// <summary>Makes the number of the commit part of it.</summary>
    public void Commit(SqliteConnection connection)
    {
        connection.Use("UPDATE meta SET value = ?1 WHERE key = 'commits'").Bind(1, Last + 1).Run();
        connection.Use("COMMIT").Run();
        Say(++Last);
    }

    public void Flush() => acknowledged?.Flush();

    private void Say(long commit)
    {
        try
        {
            acknowledged?.Write(_store, commit);
        }
        catch (IOException exception)
        {
            // The data has the commit, so its writer gets their answer; what suffers is only that a later loss would go unnoticed.
            health.CannotSay(exception.Message);
        }
    }

    public void Dispose() => acknowledged?.Dispose();
}
