using System.Globalization;
using System.Text.Json;
using ChangeFeed.DeltaLake.Storage;
using Parquet.Serialization;

namespace ChangeFeed.DeltaLake.Log;

/// <summary>Versions written down as a whole, so that nobody has to read every commit from the first one on.</summary>
internal static class Checkpoints
{
    private const string Ending = ".checkpoint.parquet";
    private const string Last = LogFiles.Folder + "/_last_checkpoint";

    public static async Task WriteAsync(ITableStorage storage, DeltaSnapshot snapshot, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var actions = snapshot.Actions(now);
        using var content = new MemoryStream();
        await ParquetSerializer.SerializeAsync(actions, content, cancellationToken: cancellationToken);
        // Whoever was faster wrote the same.
        await storage.TryCreateAsync(PathOf(snapshot.Version), content.ToArray(), cancellationToken);
        await storage.ReplaceAsync(
            Last,
            JsonSerializer.SerializeToUtf8Bytes(new LastCheckpoint { Version = snapshot.Version, Size = actions.Count }, LogJson.Default.LastCheckpoint),
            cancellationToken);
    }

    /// <summary>The newest checkpoint that is not newer than a version; null when there is none.</summary>
    /// <param name="storage">Where the table is.</param>
    /// <param name="version">The version; null for the newest.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    public static async Task<DeltaSnapshot?> FindAsync(ITableStorage storage, long? version, CancellationToken cancellationToken)
    {
        if (await HintAsync(storage, cancellationToken) is { } hint && !(hint > version) && await ReadAsync(storage, hint, cancellationToken) is { } hinted)
            return hinted;
        var there = new List<long>();
        await foreach (var file in storage.ListAsync(LogFiles.Folder, cancellationToken))
        {
            if (VersionOf(file.Path) is { } at && !(at > version))
                there.Add(at);
        }

        foreach (var at in there.OrderDescending())
        {
            if (await ReadAsync(storage, at, cancellationToken) is { } snapshot)
                return snapshot;
        }

        return null;
    }

    private static async Task<DeltaSnapshot?> ReadAsync(ITableStorage storage, long version, CancellationToken cancellationToken)
    {
        if (await storage.ReadAsync(PathOf(version), cancellationToken) is not { } content)
            return null;
        try
        {
            using var stream = new MemoryStream(content, writable: false);
            var read = await ParquetSerializer.DeserializeAsync<LogLine>(stream, cancellationToken: cancellationToken);
            return DeltaSnapshot.Replay(null, version, read.Data);
        }
        catch (Exception e) when (e is InvalidDataException or InvalidCastException or IOException or Parquet.ParquetException)
        {
            throw new DeltaTableException($"{PathOf(version)} of the table at {storage.Location} cannot be read: {e.Message}", e);
        }
    }

    // A hint that is damaged, or of a kind that is not read here, is none.
    private static async Task<long?> HintAsync(ITableStorage storage, CancellationToken cancellationToken)
    {
        if (await storage.ReadAsync(Last, cancellationToken) is not { } content)
            return null;
        try
        {
            return JsonSerializer.Deserialize(content, LogJson.Default.LastCheckpoint) is { Parts: null } hint ? hint.Version : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string PathOf(long version) => string.Create(CultureInfo.InvariantCulture, $"{LogFiles.Folder}/{version:D20}{Ending}");

    private static long? VersionOf(string path) =>
        path.Length == LogFiles.Folder.Length + 1 + 20 + Ending.Length && path.EndsWith(Ending, StringComparison.Ordinal)
            && long.TryParse(path.AsSpan(LogFiles.Folder.Length + 1, 20), NumberStyles.None, CultureInfo.InvariantCulture, out var version)
                ? version
                : null;
}
