using ChangeFeed.Emulator.Model;
using ChangeFeed.Emulator.Storage.Sqlite;

namespace ChangeFeed.Emulator.Storage;

/// <summary>What is wrong with the data at the moment. Damage stays until the next start; a full disk passes.</summary>
internal sealed class StoreHealth(string dataFile)
{
    private volatile string? _damage;
    private volatile string? _noRoom;

    /// <summary>Why nothing is served any more; null while the data is whole as far as is known.</summary>
    public string? Damage => _damage;

    /// <summary>Why nothing is written at the moment; null while there is room.</summary>
    public string? NoRoom => _noRoom;

    public string? Trouble => _damage ?? _noRoom;

    /// <summary>Takes note of what SQLite says is wrong; returns what to answer.</summary>
    public CosmosErrorException Note(SqliteException exception, string doing)
    {
        if (exception.IsDamage)
            Damaged(exception.Message);
        else if (exception.IsNoRoom)
            _noRoom = exception.Code == SQLitePCL.raw.SQLITE_FULL
                ? "The disk is full; nothing was written. Reads go on; make room, and writes go on too."
                : $"The disk does not take what is written ({exception.Message}); nothing was written. Reads go on; "
                    + "make room, or lift the limit on the size of files, and writes go on too.";
        return Unavailable(_damage ?? (exception.IsNoRoom ? _noRoom : null) ?? $"The store could not {doing}: {exception.Message}");
    }

    public void Damaged(string what) => _damage ??= Sentence(dataFile, what);

    /// <summary>The number of the last commit could not be written beside the data.</summary>
    public void CannotSay(string why) =>
        _noRoom = $"The last commit could not be marked beside the data ({why}); a loss of the write-ahead log would not be noticed.";

    public void HasRoom() => _noRoom = null;

    /// <exception cref="CosmosErrorException">The data is damaged: nothing is served from it.</exception>
    public void ThrowIfDamaged()
    {
        if (_damage is { } damage)
            throw Unavailable(damage);
    }

    public static string Sentence(string dataFile, string what) =>
        $"The data file {dataFile} is damaged ({what}); restore the directory from a copy, choose another --data directory, "
        + "or keep what can be read with 'cosmos-emulator export' or 'cosmos-emulator repair'.";

    private static CosmosErrorException Unavailable(string message) => new(503, "ServiceUnavailable", message);
}
