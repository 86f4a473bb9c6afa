using ChangeFeed.Emulator.Storage.Sqlite;

namespace ChangeFeed.Emulator.Storage;

/// <summary>Exports or repairs the data of an emulator that is not running.</summary>
/// <param name="Data">The directory the data lies in.</param>
/// <param name="Output">The directory to export to; null repairs.</param>
internal sealed record MaintenanceCommand(string Data, string? Output)
{
    /// <summary>Returns whether nothing is lost.</summary>
    /// <exception cref="EmulatorStartException">It cannot be done; the message says why.</exception>
    public bool Run(TimeProvider time, Action<string> say)
    {
        using var data = DataDirectory.OpenExisting(Data);
        try
        {
            return Output is { } output
                ? Export.Run(data.DataFile, Path.GetFullPath(output), time.GetUtcNow().ToUnixTimeSeconds(), say)
                : new Repair(data.DataFile, time, say).Run();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or SqliteException)
        {
            throw new EmulatorStartException($"It was given up: {exception.Message}", exception);
        }
    }
}
