using ChangeFeed.Emulator.Model.Indexing;

namespace ChangeFeed.Emulator.Engine.Query;

/// <summary>One page to be read of one query over one source.</summary>
/// <param name="Spec">The query.</param>
internal sealed record QueryRequest(QuerySpec Spec)
{
    /// <summary>The continuation of the page before, verbatim, or null for the first page.</summary>
    public string? Continuation { get; init; }

    /// <summary>The most documents in the page; zero or less leaves the choice to the engine.</summary>
    public int MaxItems { get; init; }

    /// <summary>The container's partition key paths, for example <c>/tenant/id</c>; used for the hints to the source.</summary>
    public IReadOnlyList<string> PartitionKeyPaths { get; init; } = [];

    /// <summary>What is indexed; null serves every query.</summary>
    public IndexingPolicy? Indexing { get; init; }

    /// <summary>The computed properties of the container; null where there are none.</summary>
    public ComputedProperties? Computed { get; init; }

    /// <summary>Whether the client allows to read everything where there is no index.</summary>
    public bool AllowsScan { get; init; }
}

/// <summary>A page of results.</summary>
/// <param name="Documents">UTF-8 JSON, one element per result.</param>
/// <param name="Continuation">What to send for the next page; null when this is the last one.</param>
/// <param name="RowsScanned">How many documents were read from the source.</param>
/// <param name="BytesScanned">How many bytes these documents had.</param>
/// <param name="RequiresDistribution">Whether a client must merge the results of partitions, and not only put them together.</param>
internal sealed record QueryPage(
    IReadOnlyList<ReadOnlyMemory<byte>> Documents, string? Continuation, long RowsScanned, long BytesScanned, bool RequiresDistribution);
