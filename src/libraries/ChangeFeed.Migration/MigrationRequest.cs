namespace ChangeFeed.Migration;

/// <summary>What is to be moved where.</summary>
/// <param name="From">The container that serves now.</param>
/// <param name="To">Where its documents are to be; made where it is missing, and empty.</param>
/// <param name="PartitionKey">The partition key there, one to three paths; empty for the same as now.</param>
public sealed record MigrationRequest(ContainerLocation From, ContainerLocation To, IReadOnlyList<string> PartitionKey)
{
    /// <summary>Name of the transformation.</summary>
    public string Transformation { get; init; } = "none";

    /// <summary>Request units per second that all runners together may use; null for no limit.</summary>
    public double? RequestUnits { get; init; }

    /// <summary>Request units per second of the new container; null leaves it to its database or account.</summary>
    public int? Throughput { get; init; }
}
