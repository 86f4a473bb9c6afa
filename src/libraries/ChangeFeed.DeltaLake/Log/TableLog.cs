using System.Text.Json;
using ChangeFeed.DeltaLake.Storage;

namespace ChangeFeed.DeltaLake.Log;

/// <summary>The log of a table: read into a version, and appended to by whoever is first.</summary>
internal sealed class TableLog(ITableStorage storage, TimeProvider time, string engine)
{
    /// <summary>The table at a version, or at the last before it; null where there is no table.</summary>
    public async Task<DeltaSnapshot?> ReadAsync(long? version, CancellationToken cancellationToken)
    {
        var snapshot = await Checkpoints.FindAsync(storage, version, cancellationToken);
        for (var next = snapshot is null ? 0 : snapshot.Version + 1; !(next > version); next++)
        {
            if (await LogFiles.ReadAsync(storage, next, cancellationToken) is not { } lines)
                break;
            snapshot = DeltaSnapshot.Replay(snapshot, next, lines.Select(line => line.AsLine()));
        }

        if (snapshot is null)
        {
            await foreach (var file in storage.ListAsync(LogFiles.Folder, cancellationToken))
            {
                if (LogFiles.VersionOf(file.Path) is not null)
                    throw new DeltaTableException(
                        $"The log of the table at {storage.Location} has lost its beginning, and has no checkpoint that is read here.");
            }
        }

        return snapshot;
    }

    /// <summary>Makes a version, unless there is one already.</summary>
    /// <returns>Whether it is this one that stands.</returns>
    public async Task<bool> TryAppendAsync(
        long version, string operation, IReadOnlyDictionary<string, string> parameters, List<CommitLine> lines, CancellationToken cancellationToken)
    {
        var attempt = Guid.NewGuid().ToString();
        var info = new CommitInfo
        {
            Timestamp = time.GetUtcNow().ToUnixTimeMilliseconds(),
            Operation = operation,
            OperationParameters = parameters.ToDictionary(pair => pair.Key, pair => JsonSerializer.SerializeToElement(pair.Value, LogJson.Default.String)),
            EngineInfo = engine,
            TxnId = attempt,
        };
        if (await storage.TryCreateAsync(LogFiles.PathOf(version), LogFiles.Write([new() { CommitInfo = info }, .. lines]), cancellationToken))
            return true;
        // It may be our own, whose answer was lost on the way and which was sent again.
        return await LogFiles.ReadAsync(storage, version, cancellationToken) is { } there && there.Exists(line => line.CommitInfo?.TxnId == attempt);
    }
}
