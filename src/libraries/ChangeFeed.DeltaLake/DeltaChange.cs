using ChangeFeed.DeltaLake.Log;

namespace ChangeFeed.DeltaLake;

/// <summary>What one commit changes: all of it, or nothing.</summary>
/// <param name="Operation">What it is, for the history: <c>WRITE</c>, <c>OPTIMIZE</c>.</param>
public sealed record DeltaChange(string Operation)
{
    /// <summary>Files that are added; see <see cref="DeltaTable.WriteFileAsync"/>.</summary>
    public IReadOnlyList<DeltaFile> Added { get; init; } = [];

    /// <summary>Files that are no longer part of the table. They stay where they are, for readers of earlier versions.</summary>
    public IReadOnlyList<DeltaFile> Removed { get; init; } = [];

    /// <summary>How far applications are with this, by their own count.</summary>
    public IReadOnlyDictionary<string, long> Transactions { get; init; } = new Dictionary<string, long>();

    /// <summary>The columns from now on; null where they stay.</summary>
    public DeltaSchema? Schema { get; init; }

    /// <summary>False where the rows stay what they are and only move between files.</summary>
    public bool ChangesData { get; init; } = true;

    /// <summary>More to say in the history.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();
}

/// <summary>A commit, as the history tells it.</summary>
/// <param name="Version">The version it made.</param>
/// <param name="At">When; null where it does not say.</param>
/// <param name="Operation">What it was.</param>
/// <param name="Engine">Who wrote it.</param>
/// <param name="AddedFiles">Files it added.</param>
/// <param name="RemovedFiles">Files it took out.</param>
/// <param name="AddedRows">Rows of the files it added.</param>
/// <param name="Transactions">How far applications were with it.</param>
public sealed record DeltaCommit(
    long Version,
    DateTimeOffset? At,
    string Operation,
    string? Engine,
    int AddedFiles,
    int RemovedFiles,
    long AddedRows,
    IReadOnlyDictionary<string, long> Transactions)
{
    internal static DeltaCommit Read(long version, List<CommitLine> lines)
    {
        var info = lines.Select(line => line.CommitInfo).OfType<CommitInfo>().FirstOrDefault();
        var added = lines.Select(line => line.Add).OfType<AddAction>().Select(add => new DeltaFile(add)).ToList();
        return new DeltaCommit(
            version,
            info?.Timestamp is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null,
            info?.Operation ?? "",
            info?.EngineInfo,
            added.Count,
            lines.Count(line => line.Remove is not null),
            added.Sum(file => file.Rows ?? 0),
            lines.Select(line => line.Txn).OfType<TxnAction>().ToDictionary(txn => txn.AppId, txn => txn.Version ?? 0));
    }
}
