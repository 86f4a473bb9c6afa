namespace ChangeFeed.Emulator.Engine.Query.Planning;

internal enum DistinctType
{
    None,
    Ordered,
    Unordered,
}

/// <summary>What the client has to do with the answers of the partitions, and what to ask them.</summary>
internal sealed class PlanInfo
{
    public DistinctType DistinctType { get; set; }
    public long? Top { get; set; }
    public long? Offset { get; set; }
    public long? Limit { get; set; }
    public List<string> OrderBy { get; } = [];
    public List<string> OrderByExpressions { get; } = [];
    public List<string> GroupByExpressions { get; } = [];

    /// <summary>The names of the output and the aggregate behind each; null for a value of the group.</summary>
    public List<KeyValuePair<string, string?>> GroupByAliases { get; } = [];
    public List<string> Aggregates { get; } = [];

    /// <summary>The text for the partitions; empty when it is the query itself.</summary>
    public string RewrittenQuery { get; set; } = "";
    public bool HasSelectValue { get; set; }

    /// <summary>Set when the client counts distinct values: the name of the count, empty for SELECT VALUE.</summary>
    public string? DistinctCountAlias { get; set; }
}

/// <summary>Effective partition keys a query can concern.</summary>
internal readonly record struct PlanRange(string Min, string Max, bool IsMaxInclusive)
{
    public static readonly PlanRange Full = new("", "FF", false);

    /// <summary>Nothing can match, or nothing is read: any one partition can give the answer.</summary>
    public static readonly PlanRange Empty = new("", "", true);
}

/// <param name="Ranges">The ranges, sorted.</param>
/// <param name="IsOnePartitionKey">They are at most one complete partition key: nothing has to be merged.</param>
internal sealed record PlanRanges(IReadOnlyList<PlanRange> Ranges, bool IsOnePartitionKey);
