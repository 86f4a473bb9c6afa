using System.Collections.Immutable;
using ChangeFeed.DeltaLake.Log;

namespace ChangeFeed.DeltaLake;

/// <summary>A table as it is at one version of its log. Never changes.</summary>
public sealed class DeltaSnapshot
{
    // What this code knows to read and to write. A table that needs more says so, and is left alone.
    private const int ReaderVersion = 1;
    private const int WriterVersion = 2;

    private static readonly TimeSpan KeepTombstones = TimeSpan.FromDays(7); // the protocol's default

    private readonly ProtocolAction _protocol;
    private readonly MetadataAction _metadata;
    private readonly ImmutableDictionary<string, DeltaFile> _files;
    private readonly ImmutableDictionary<string, RemoveAction> _removed;
    private readonly ImmutableDictionary<string, TxnAction> _transactions;

    private DeltaSnapshot(
        long version,
        ProtocolAction protocol,
        MetadataAction metadata,
        ImmutableDictionary<string, DeltaFile> files,
        ImmutableDictionary<string, RemoveAction> removed,
        ImmutableDictionary<string, TxnAction> transactions)
    {
        (Version, _protocol, _metadata, _files, _removed, _transactions) = (version, protocol, metadata, files, removed, transactions);
        Schema = SchemaJson.Read(metadata);
    }

    /// <summary>The version; 0 is the first commit.</summary>
    public long Version { get; }

    /// <summary>The identity of the table, which stays.</summary>
    public string TableId => _metadata.Id;

    /// <summary>Its columns.</summary>
    public DeltaSchema Schema { get; }

    /// <summary>The files it consists of. All others in its directory are of other versions, or of nobody.</summary>
    public IEnumerable<DeltaFile> Files => _files.Values;

    /// <summary>How many files it consists of.</summary>
    public int FileCount => _files.Count;

    /// <summary>How far each application is, by its own count, with what it has written.</summary>
    /// <param name="application">The application.</param>
    /// <returns>Null where it has said nothing.</returns>
    public long? Transaction(string application) => _transactions.TryGetValue(application, out var transaction) ? transaction.Version : null;

    /// <summary>How far all applications are.</summary>
    public IReadOnlyDictionary<string, long> Transactions => _transactions.ToDictionary(pair => pair.Key, pair => pair.Value.Version ?? 0);

    /// <summary>Whether a file is one of its files.</summary>
    /// <param name="file">A file, of this or of another version.</param>
    public bool Has(DeltaFile file) => _files.ContainsKey(file.Add.Path);

    internal MetadataAction Metadata => _metadata;

    internal IReadOnlyCollection<RemoveAction> Removed => _removed.Values as IReadOnlyCollection<RemoveAction> ?? [.. _removed.Values];

    /// <summary>The actions that make this version of nothing, for a checkpoint.</summary>
    internal List<LogLine> Actions(DateTimeOffset now)
    {
        var expired = (now - KeepTombstones).ToUnixTimeMilliseconds();
        return
        [
            new() { Protocol = _protocol },
            new() { Metadata = _metadata },
            .. _transactions.Values.Select(transaction => new LogLine { Txn = transaction }),
            .. _files.Values.Select(file => new LogLine { Add = file.Add }),
            .. _removed.Values.Where(removed => removed.DeletionTimestamp > expired).Select(removed => new LogLine { Remove = removed }),
        ];
    }

    internal DeltaSnapshot With(long version, IEnumerable<LogLine> lines) => Replay(this, version, lines);

    /// <summary>Applies actions to a version, or to nothing.</summary>
    /// <exception cref="DeltaTableException">The table needs more than this code knows, or says too little of itself.</exception>
    internal static DeltaSnapshot Replay(DeltaSnapshot? before, long version, IEnumerable<LogLine> lines)
    {
        var (protocol, metadata) = (before?._protocol, before?._metadata);
        var files = (before?._files ?? ImmutableDictionary<string, DeltaFile>.Empty).ToBuilder();
        var removed = (before?._removed ?? ImmutableDictionary<string, RemoveAction>.Empty).ToBuilder();
        var transactions = (before?._transactions ?? ImmutableDictionary<string, TxnAction>.Empty).ToBuilder();
        foreach (var line in lines)
        {
            protocol = line.Protocol ?? protocol;
            metadata = line.Metadata ?? metadata;
            if (line.Txn is { } transaction)
                transactions[transaction.AppId] = transaction;
            if (line.Remove is { } remove)
            {
                files.Remove(remove.Path);
                removed[remove.Path] = remove;
            }

            if (line.Add is { } add)
            {
                files[add.Path] = new DeltaFile(add);
                removed.Remove(add.Path);
            }
        }

        if (protocol is null || metadata is null)
            throw new DeltaTableException(
                $"Version {version} of the log has no protocol, or no schema: it is not the log of a Delta table, or its beginning is gone.");
        if (protocol.MinReaderVersion is not <= ReaderVersion)
            throw new DeltaTableException($"The table needs a reader of version {protocol.MinReaderVersion}; this one knows {ReaderVersion}.");
        return new DeltaSnapshot(version, protocol, metadata, files.ToImmutable(), removed.ToImmutable(), transactions.ToImmutable());
    }

    internal void EnsureWritable()
    {
        if (_protocol.MinWriterVersion is not <= WriterVersion)
            throw new DeltaTableException($"The table needs a writer of version {_protocol.MinWriterVersion}; this one knows {WriterVersion}.");
        if (_metadata.SchemaString.Contains("delta.invariants", StringComparison.Ordinal))
            throw new DeltaTableException("The table has invariants, which are not checked here: it is not written to.");
    }
}
