namespace ChangeFeed.Emulator.Engine.Query.Execution;

/// <summary>What a query's condition says about the documents that can match; null where it says nothing.</summary>
internal sealed record ScanHints(IReadOnlyList<string>? Ids, IReadOnlyList<string>? PartitionKeys)
{
    public static readonly ScanHints None = new(null, null);
}
