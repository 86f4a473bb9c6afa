using ChangeFeed.DeltaLake.Log;
using ChangeFeed.DeltaLake.Storage;

namespace ChangeFeed.DeltaLake.Maintenance;

/// <summary>
/// Deletes the files that no version younger than some age has: those that were rewritten, and those of writers that were killed before they
/// could commit. Versions older than that can then no longer be read.
/// </summary>
/// <param name="table">The table.</param>
public sealed class DeltaVacuum(DeltaTable table)
{
    /// <summary>The shortest age: a writer that is slower than this would lose what it is about to commit.</summary>
    public static readonly TimeSpan LeastAge = TimeSpan.FromHours(1);

    /// <summary>Deletes them.</summary>
    /// <param name="age">How old files must be; at least <see cref="LeastAge"/>, 7 days by the protocol's own default.</param>
    /// <param name="cancellationToken">Ends it; what is not deleted is found again.</param>
    /// <returns>What was deleted.</returns>
    /// <exception cref="DeltaTableException">There is no table.</exception>
    public async Task<IReadOnlyList<StoredFile>> RunAsync(TimeSpan age, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(age, LeastAge);
        var snapshot = await table.FindAsync(cancellationToken) ?? throw new DeltaTableException($"There is no table at {table.Location}.");
        snapshot.EnsureWritable();
        var before = table.Time.GetUtcNow() - age;
        var kept = snapshot.Files.Select(file => file.Path)
            .Concat(snapshot.Removed
                .Where(removed => removed.DeletionTimestamp > before.ToUnixTimeMilliseconds())
                .Select(removed => Uri.UnescapeDataString(removed.Path)))
            .ToHashSet(StringComparer.Ordinal);
        var deleted = new List<StoredFile>();
        await foreach (var file in table.Storage.ListAsync("", cancellationToken))
        {
            if (file.ModifiedAt >= before || kept.Contains(file.Path) || IsOfLog(file.Path))
                continue;
            await table.Storage.DeleteAsync(file.Path, cancellationToken);
            deleted.Add(file);
        }

        return deleted;
    }

    // What a killed writer left there is not the log's.
    private static bool IsOfLog(string path) =>
        path.StartsWith(LogFiles.Folder + "/", StringComparison.Ordinal) && !path.EndsWith(DurableFile.Temporary, StringComparison.Ordinal);
}
