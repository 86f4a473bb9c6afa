using System.Runtime.CompilerServices;
using ChangeFeed.DeltaLake.Data;
using ChangeFeed.DeltaLake.Log;
using ChangeFeed.DeltaLake.Storage;

namespace ChangeFeed.DeltaLake;

/// <summary>
/// A table of the Delta Lake protocol: Parquet files, and a log that says which of them make up which version. A commit is one file of the log,
/// created if nobody else has created it: so it happens whole or not at all, and of several writers each knows what it writes on.
/// Safe to use from several threads.
/// </summary>
/// <param name="storage">Where the table is.</param>
/// <param name="time">The clock that dates commits.</param>
/// <param name="engine">Who writes, for the history; such as the name and version of the program.</param>
public sealed class DeltaTable(ITableStorage storage, TimeProvider time, string engine)
{
    /// <summary>After so many commits a checkpoint is due.</summary>
    public const int CheckpointInterval = 100;

    private readonly TableLog _log = new(storage, time, engine);

    /// <summary>Where it is, for messages.</summary>
    public string Location => storage.Location;

    internal ITableStorage Storage => storage;

    internal TimeProvider Time => time;

    /// <summary>The table as it is; null when there is none.</summary>
    /// <param name="cancellationToken">Ends the read.</param>
    /// <exception cref="DeltaTableException">The log is damaged, or needs a newer reader.</exception>
    /// <exception cref="TableStorageException">The storage cannot be read.</exception>
    public Task<DeltaSnapshot?> FindAsync(CancellationToken cancellationToken = default) => _log.ReadAsync(null, cancellationToken);

    /// <summary>The table as it was at a version.</summary>
    /// <param name="version">From 0.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    /// <exception cref="DeltaTableException">There is no such version, or no longer.</exception>
    public async Task<DeltaSnapshot> AtVersionAsync(long version, CancellationToken cancellationToken = default) =>
        await _log.ReadAsync(version, cancellationToken) is { } snapshot && snapshot.Version == version
            ? snapshot
            : throw new DeltaTableException($"The table at {Location} has no version {version}.");

    /// <summary>The table as it was at a time: its last version that is not later.</summary>
    /// <param name="moment">The time.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    /// <exception cref="DeltaTableException">There was no table at that time.</exception>
    public async Task<DeltaSnapshot> AtTimeAsync(DateTimeOffset moment, CancellationToken cancellationToken = default)
    {
        await foreach (var commit in HistoryAsync(cancellationToken))
        {
            if (commit.At <= moment)
                return await AtVersionAsync(commit.Version, cancellationToken);
        }

        throw new DeltaTableException($"The table at {Location} has no version as old as {moment.UtcDateTime:u}.");
    }

    /// <summary>The table as it is now, from what it was: reads the commits since. The same object where there is none.</summary>
    /// <param name="snapshot">What it was.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    /// <exception cref="DeltaTableException">The table is gone, or another: whoever went on would begin a log in its middle.</exception>
    public async Task<DeltaSnapshot> UpdateAsync(DeltaSnapshot snapshot, CancellationToken cancellationToken = default)
    {
        var known = snapshot;
        for (var next = snapshot.Version + 1; await LogFiles.ReadAsync(storage, next, cancellationToken) is { } lines; next++)
            snapshot = snapshot.With(next, lines.Select(line => line.AsLine()));
        if (snapshot != known || await LogFiles.IsThereAsync(storage, known.Version, cancellationToken))
            return snapshot;
        // Somebody has tidied up the log, as other engines do; or there is nothing any more.
        return await _log.ReadAsync(null, cancellationToken) is { } read && read.TableId == known.TableId && read.Version >= known.Version
            ? read
            : throw new DeltaTableException($"The table at {Location} is gone: version {known.Version}, which was there, is not any more.");
    }

    /// <summary>The table as it is, with at least these columns: it is created where there is none, and gets the columns it lacks.</summary>
    /// <param name="schema">The columns.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="DeltaTableException">The table cannot be written to, or a column has another type.</exception>
    public async Task<DeltaSnapshot> OpenOrCreateAsync(DeltaSchema schema, CancellationToken cancellationToken = default)
    {
        var snapshot = await FindAsync(cancellationToken) ?? await TryCreateAsync(schema, cancellationToken) ?? await FindAsync(cancellationToken)
            ?? throw new DeltaTableException($"The table at {Location} was there a moment ago, and is not any more.");
        snapshot.EnsureWritable();
        while (snapshot.Schema.With(schema) is var wanted && wanted != snapshot.Schema)
        {
            snapshot = await TryCommitAsync(snapshot, new DeltaChange("ADD COLUMNS") { Schema = wanted }, cancellationToken)
                ?? await UpdateAsync(snapshot, cancellationToken);
        }

        return snapshot;
    }

    /// <summary>Commits a change on a version.</summary>
    /// <param name="on">The newest version there is, as far as the caller knows; what is committed was decided on it.</param>
    /// <param name="change">The change.</param>
    /// <param name="cancellationToken">Ends the wait; the commit may have happened all the same.</param>
    /// <returns>The version it made; null where somebody else made that version. Then nothing has happened, and the caller decides anew.</returns>
    public async Task<DeltaSnapshot?> TryCommitAsync(DeltaSnapshot on, DeltaChange change, CancellationToken cancellationToken = default)
    {
        on.EnsureWritable();
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var metadata = change.Schema is { } schema ? WithSchema(on.Metadata, schema) : null;
        List<CommitLine> lines =
        [
            .. metadata is null ? Array.Empty<CommitLine>() : [new CommitLine { Metadata = metadata }],
            .. change.Transactions.Select(pair => new CommitLine { Txn = new() { AppId = pair.Key, Version = pair.Value, LastUpdated = now } }),
            .. change.Removed.Select(
                file => new CommitLine { Remove = new() { Path = file.Add.Path, DeletionTimestamp = now, DataChange = change.ChangesData } }),
            .. change.Added.Select(file => new CommitLine { Add = WithDataChange(file.Add, change.ChangesData) }),
        ];
        return await _log.TryAppendAsync(on.Version + 1, change.Operation, change.Parameters, lines, cancellationToken)
            ? on.With(on.Version + 1, lines.Select(line => line.AsLine()))
            : null;
    }

    /// <summary>Whether a version is one that a checkpoint is written for.</summary>
    /// <param name="snapshot">The version.</param>
    public static bool IsCheckpointDue(DeltaSnapshot snapshot) => snapshot.Version > 0 && snapshot.Version % CheckpointInterval == 0;

    /// <summary>Writes a version down as a whole, so that readers need none of the commits before it.</summary>
    /// <param name="snapshot">The version.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task WriteCheckpointAsync(DeltaSnapshot snapshot, CancellationToken cancellationToken = default) =>
        Checkpoints.WriteAsync(storage, snapshot, time.GetUtcNow(), cancellationToken);

    /// <summary>
    /// Writes a data file. It is no part of the table until a commit adds it; one that none adds is nobody's, and goes with a vacuum.
    /// </summary>
    /// <param name="schema">The columns.</param>
    /// <param name="partition">The values of the columns that partition.</param>
    /// <param name="rows">The rows: the values of the other columns, in their order and of the types that <see cref="DeltaTypes"/> names.</param>
    /// <param name="tags">Notes for the log; null for none.</param>
    /// <param name="cancellationToken">Ends the write.</param>
    public async Task<DeltaFile> WriteFileAsync(
        DeltaSchema schema,
        IReadOnlyDictionary<string, string?> partition,
        IReadOnlyList<object?[]> rows,
        IReadOnlyDictionary<string, string>? tags = null,
        CancellationToken cancellationToken = default)
    {
        var fields = schema.DataFields.ToList();
        var content = await ParquetFile.WriteAsync(fields, rows, cancellationToken);
        var folder = string.Concat(schema.PartitionColumns.Select(column => $"{column}={Folder(partition[column])}/"));
        var path = $"{folder}part-{Guid.NewGuid():N}.snappy.parquet";
        if (!await storage.TryCreateAsync(path, content, cancellationToken))
            throw new DeltaTableException($"{path} is there already."); // a name that was never given before
        return new DeltaFile(new AddAction
        {
            Path = path.Replace("%", "%25", StringComparison.Ordinal), // the log has URIs
            PartitionValues = partition.ToDictionary(),
            Size = content.Length,
            ModificationTime = time.GetUtcNow().ToUnixTimeMilliseconds(),
            DataChange = true,
            Stats = RowStatistics.Of(fields, rows).Write(),
            Tags = tags?.ToDictionary(tag => tag.Key, tag => (string?)tag.Value),
        });

        static string Folder(string? value) => value is null ? "__HIVE_DEFAULT_PARTITION__" : Uri.EscapeDataString(value);
    }

    /// <summary>Reads rows of a file. Columns that it does not have are null.</summary>
    /// <param name="snapshot">A version the file is part of.</param>
    /// <param name="file">The file.</param>
    /// <param name="columns">Which columns, in which order; those that partition are texts.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    /// <exception cref="DeltaTableException">The file is gone or damaged, or a column is of a type that is not read here.</exception>
    public IAsyncEnumerable<object?[]> ReadAsync(
        DeltaSnapshot snapshot, DeltaFile file, IReadOnlyList<string> columns, CancellationToken cancellationToken = default) =>
        ReadWantedAsync(snapshot, file, columns, null, cancellationToken);

    /// <summary>Reads those rows of a file whose first column is wanted. Of groups of rows without one nothing else is read.</summary>
    /// <param name="snapshot">A version the file is part of.</param>
    /// <param name="file">The file.</param>
    /// <param name="columns">Which columns, in which order, the first not one that partitions; those that partition are texts.</param>
    /// <param name="isWanted">Told the value of the first column; null for all rows.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    /// <exception cref="DeltaTableException">The file is gone or damaged, or a column is of a type that is not read here.</exception>
    public async IAsyncEnumerable<object?[]> ReadWantedAsync(
        DeltaSnapshot snapshot,
        DeltaFile file,
        IReadOnlyList<string> columns,
        Predicate<object?>? isWanted,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var fields = columns
            .Select(column => snapshot.Schema.Fields.FirstOrDefault(field => field.Name == column)
                ?? throw new DeltaTableException($"The table at {Location} has no column '{column}'."))
            .ToList();
        var stored = fields.Where(field => !snapshot.Schema.PartitionColumns.Contains(field.Name)).ToList();
        stored.ForEach(field => ParquetColumns.Of(field)); // says so where one is of a type that is not read here
        await using var stream = await storage.OpenAsync(file.Path, cancellationToken)
            ?? throw new DeltaTableException($"Data file {file.Path} of the table at {Location} is gone.");
        await foreach (var row in ParquetFile.ReadAsync(stream, file.Path, stored, isWanted, cancellationToken))
        {
            yield return stored.Count == fields.Count
                ? row
                : [.. fields.Select(field => stored.IndexOf(field) is var at && at >= 0 ? row[at] : file.PartitionValues.GetValueOrDefault(field.Name))];
        }
    }

    /// <summary>The commits, the newest first, as far back as the log goes.</summary>
    /// <param name="cancellationToken">Ends the read.</param>
    public async IAsyncEnumerable<DeltaCommit> HistoryAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (await FindAsync(cancellationToken) is not { } snapshot)
            yield break;
        for (var version = snapshot.Version; version >= 0; version--)
        {
            if (await LogFiles.ReadAsync(storage, version, cancellationToken) is not { } lines)
                yield break;
            yield return DeltaCommit.Read(version, lines);
        }
    }

    private async Task<DeltaSnapshot?> TryCreateAsync(DeltaSchema schema, CancellationToken cancellationToken)
    {
        List<CommitLine> lines =
        [
            new() { Protocol = new() { MinReaderVersion = 1, MinWriterVersion = 2 } },
            new()
            {
                Metadata = new()
                {
                    Id = Guid.NewGuid().ToString(),
                    SchemaString = SchemaJson.Write(schema),
                    PartitionColumns = [.. schema.PartitionColumns],
                    CreatedTime = time.GetUtcNow().ToUnixTimeMilliseconds(),
                },
            },
        ];
        return await _log.TryAppendAsync(0, "CREATE TABLE", new Dictionary<string, string>(), lines, cancellationToken)
            ? DeltaSnapshot.Replay(null, 0, lines.Select(line => line.AsLine()))
            : null;
    }

    private static MetadataAction WithSchema(MetadataAction metadata, DeltaSchema schema) => new()
    {
        Id = metadata.Id,
        Name = metadata.Name,
        Format = metadata.Format,
        SchemaString = SchemaJson.Write(schema),
        PartitionColumns = metadata.PartitionColumns,
        CreatedTime = metadata.CreatedTime,
        Configuration = metadata.Configuration,
    };

    private static AddAction WithDataChange(AddAction add, bool changesData) => new()
    {
        Path = add.Path,
        PartitionValues = add.PartitionValues,
        Size = add.Size,
        ModificationTime = add.ModificationTime,
        DataChange = changesData,
        Stats = add.Stats,
        Tags = add.Tags,
    };
}
