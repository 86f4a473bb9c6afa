using ChangeFeed.Emulator.Resources;

namespace ChangeFeed.Emulator.Items;

/// <summary>What an operation does; the numbers are those of the batch format.</summary>
enum OperationKind
{
    Create = 0,
    Patch = 1,
    Read = 2,
    Delete = 4,
    Replace = 5,
    Upsert = 20,
}

/// <summary>One operation on one item, on its own or in a batch.</summary>
sealed record ItemOperation(OperationKind Kind, PartitionKey PartitionKey, string Id)
{
    /// <summary>The item to write; null for read, delete and patch.</summary>
    public ItemContent? Content { get; init; }

    public PatchDocument? Patch { get; init; }

    public string? IfMatch { get; init; }

    public string? IfNoneMatch { get; init; }

    /// <summary>The client wants no body back.</summary>
    public bool Minimal { get; init; }
}
