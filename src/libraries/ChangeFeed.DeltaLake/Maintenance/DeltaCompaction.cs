namespace ChangeFeed.DeltaLake.Maintenance;

/// <summary>How a table is compacted.</summary>
public sealed record CompactionOptions
{
    /// <summary>Files below this many bytes are put together, up to about this size; 1 MB to 1 GB.</summary>
    public long TargetBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>The order of rows in the files, by the columns of the table that do not partition; null as they are.</summary>
    public Comparison<object?[]>? Order { get; init; }

    /// <summary>How rows of an older form are renewed; null leaves all as they are.</summary>
    public RowRenewal? Renewal { get; init; }
}

/// <summary>Brings rows to the form of today.</summary>
/// <param name="Tag">A note on files whose rows all have that form, by its name and value: they are not looked at again.</param>
/// <param name="Renew">Makes of a row what would be written today; returns the same row where it is that already.</param>
public sealed record RowRenewal(KeyValuePair<string, string> Tag, Func<object?[], object?[]> Renew)
{
    internal bool IsDone(DeltaFile file) => file.Tag(Tag.Key) == Tag.Value;
}

/// <summary>What came of a compaction.</summary>
/// <param name="RemovedFiles">Files before.</param>
/// <param name="AddedFiles">Files instead of them.</param>
/// <param name="Rows">Rows in them.</param>
/// <param name="RenewedRows">Rows that were rewritten in a newer form.</param>
public sealed record CompactionResult(int RemovedFiles, int AddedFiles, long Rows, long RenewedRows);

/// <summary>
/// Puts small files together. Each commit replaces files by one with the same rows, so readers see the same table before and after, and those who
/// write meanwhile are not disturbed. Killed at any point it has done a part, and can be run again, also by two at once.
/// </summary>
/// <param name="table">The table.</param>
public sealed class DeltaCompaction(DeltaTable table)
{
    /// <summary>Compacts every partition.</summary>
    /// <param name="options">How.</param>
    /// <param name="cancellationToken">Ends it between two commits.</param>
    /// <exception cref="ArgumentOutOfRangeException">The target is out of its bounds.</exception>
    /// <exception cref="DeltaTableException">There is no table, or it cannot be read or written here.</exception>
    public async Task<CompactionResult> RunAsync(CompactionOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new CompactionOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.TargetBytes, 1024 * 1024, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.TargetBytes, 1024 * 1024 * 1024, nameof(options));
        var snapshot = await table.FindAsync(cancellationToken) ?? throw new DeltaTableException($"There is no table at {table.Location}.");
        var result = new CompactionResult(0, 0, 0, 0);
        foreach (var group in Groups(snapshot, options))
        {
            (snapshot, var done) = await RewriteAsync(snapshot, group, options, cancellationToken);
            result = new CompactionResult(
                result.RemovedFiles + done.RemovedFiles, result.AddedFiles + done.AddedFiles, result.Rows + done.Rows, result.RenewedRows + done.RenewedRows);
        }

        return result;
    }

    /// <summary>Files of one partition that become one. One that has rows to renew is looked at also where it is alone, or large.</summary>
    private static IEnumerable<List<DeltaFile>> Groups(DeltaSnapshot snapshot, CompactionOptions options)
    {
        foreach (var partition in snapshot.Files.GroupBy(PartitionOf).OrderBy(partition => partition.Key, StringComparer.Ordinal))
        {
            var group = new List<DeltaFile>();
            foreach (var file in partition.OrderBy(file => file.ModifiedAt).ThenBy(file => file.Path, StringComparer.Ordinal))
            {
                if (file.Size >= options.TargetBytes && options.Renewal?.IsDone(file) != false)
                    continue;
                if (group.Count > 0 && group.Sum(one => one.Size) + file.Size > options.TargetBytes)
                {
                    yield return group;
                    group = [];
                }

                group.Add(file);
            }

            if (group.Count > 0)
                yield return group;
        }
    }

    // No value has these characters, and none that is empty is like one that is missing.
    private static string PartitionOf(DeltaFile file) =>
        string.Join('\0', file.PartitionValues.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value ?? "\u0001"}"));

    private async Task<(DeltaSnapshot Snapshot, CompactionResult Result)> RewriteAsync(
        DeltaSnapshot snapshot, List<DeltaFile> files, CompactionOptions options, CancellationToken cancellationToken)
    {
        var nothing = new CompactionResult(0, 0, 0, 0);
        if (files.Count == 1 && options.Renewal?.IsDone(files[0]) != false)
            return (snapshot, nothing);
        var (rows, renewed) = await ReadAsync(snapshot, files, options, cancellationToken);
        var tags = options.Renewal is { } renewal ? new Dictionary<string, string> { [renewal.Tag.Key] = renewal.Tag.Value } : null;
        var written = await table.WriteFileAsync(snapshot.Schema, files[0].PartitionValues, rows, tags, cancellationToken);
        // Rows that only moved are told apart from rows that changed: who follows the table reads the latter again.
        var change = new DeltaChange("OPTIMIZE") { Removed = files, Added = [written], ChangesData = renewed > 0 };
        while (files.TrueForAll(snapshot.Has))
        {
            if (await table.TryCommitAsync(snapshot, change, cancellationToken) is { } committed)
                return (committed, new CompactionResult(files.Count, 1, rows.Count, renewed));
            snapshot = await table.UpdateAsync(snapshot, cancellationToken);
        }

        // Somebody else has rewritten them meanwhile. What was written here is no part of the table, and goes with a vacuum.
        return (snapshot, nothing);
    }

    private async Task<(List<object?[]> Rows, long Renewed)> ReadAsync(
        DeltaSnapshot snapshot, List<DeltaFile> files, CompactionOptions options, CancellationToken cancellationToken)
    {
        var columns = snapshot.Schema.DataFields.Select(field => field.Name).ToList();
        var (rows, renewed) = (new List<object?[]>(), 0L);
        foreach (var file in files)
        {
            await foreach (var row in table.ReadAsync(snapshot, file, columns, cancellationToken))
            {
                var now = options.Renewal?.Renew(row) ?? row;
                renewed += ReferenceEquals(now, row) ? 0 : 1;
                rows.Add(now);
            }
        }

        if (options.Order is { } order)
            rows.Sort(order);
        return (rows, renewed);
    }
}
