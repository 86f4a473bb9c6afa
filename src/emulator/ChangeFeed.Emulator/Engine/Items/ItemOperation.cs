using ChangeFeed.Emulator.Model;
using ChangeFeed.Emulator.Model.Partitioning;

namespace ChangeFeed.Emulator.Engine.Items;

/// <summary>One operation on one item, on its own or in a batch.</summary>
internal sealed record ItemOperation(OperationKind Kind, PartitionKey PartitionKey, string Id)
{
    /// <summary>The item to write; null for read, delete and patch.</summary>
    public ItemContent? Content { get; init; }

    public PatchDocument? Patch { get; init; }

    public string? IfMatch { get; init; }

    public string? IfNoneMatch { get; init; }

    /// <summary>The client wants no body back.</summary>
    public bool Minimal { get; init; }
}
