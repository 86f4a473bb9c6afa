namespace ChangeFeed.Emulator.Storage;

/// <summary>A store of which there are copies elsewhere: it keeps what each commit did until every copy has done it too.</summary>
internal interface IReplicatedStore : IStore
{
    /// <summary>Whether commits are kept for copies: only where they are first made.</summary>
    bool KeepsCommits { get; set; }

    /// <summary>The number of the last commit made or taken over.</summary>
    long Position { get; }

    /// <summary>How often another store became the one that is written to, as far as this one knows.</summary>
    int Epoch { get; }

    /// <summary>The number of the region that is written to since then.</summary>
    int WriteRegion { get; }

    /// <summary>The number of the oldest commit kept, or null.</summary>
    long? OldestCommit { get; }

    /// <summary>Completes at the first commit that is kept after this was read.</summary>
    Task Kept { get; }

    /// <summary>Commits kept, above a number, oldest first.</summary>
    IReadOnlyList<ReplicatedCommit> Commits(long after, int limit);

    /// <summary>Writes all there is, as of one moment, into a new data file.</summary>
    void CopyTo(string path);
}
