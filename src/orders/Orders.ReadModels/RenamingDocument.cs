using System.Text.Json.Serialization;

namespace Orders.ReadModels;

/// <summary>Where a renaming stands.</summary>
public enum RenamingState
{
    /// <summary>The open orders that were there are given the name.</summary>
    Running,

    /// <summary>They have it; those that were made meanwhile with the name before are given it.</summary>
    Settling,

    /// <summary>Every open order has the name.</summary>
    Done,
}

/// <summary>One version of a view, and how far it was gone through.</summary>
/// <param name="View">The view.</param>
/// <param name="Version">The version of the view.</param>
/// <param name="Continuation">Where to go on; null at the beginning.</param>
/// <param name="Finished">Whether the end was reached.</param>
public sealed record RenamingTarget(string View, int Version, string? Continuation = null, bool Finished = false);

/// <summary>
/// How far the latest name of a customer or product has come in the open orders: written by the views page by page, so that a run that was
/// interrupted goes on where it was; read by the orders API. One document in container <c>views</c> for each that was ever renamed.
/// </summary>
public sealed record RenamingDocument
{
    /// <summary>The id of each of them; the partition is its own.</summary>
    public const string TheId = "renaming";

    /// <summary>See <see cref="TheId"/>.</summary>
    public string Id { get; init; } = TheId;

    /// <summary>See <see cref="PartitionOf"/>.</summary>
    [JsonPropertyName("view")]
    public required string Partition { get; init; }

    /// <summary>Version of the customer or product whose name it is.</summary>
    public required long Version { get; init; }

    /// <summary>Where it stands.</summary>
    public required RenamingState State { get; init; }

    /// <summary>Every version of a view that is to show it, in this state.</summary>
    public required IReadOnlyList<RenamingTarget> Targets { get; init; }

    /// <summary>Documents that were given the name; an order has one in each version of a view.</summary>
    public long Done { get; init; }

    /// <summary>Documents that are to be given the name, as far as known.</summary>
    public required long Total { get; init; }

    /// <summary>When it began, UTC.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it was last seen to proceed, UTC.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The partition of container <c>views</c> for a customer or product.</summary>
    public static string PartitionOf(Reference reference) => $"names/{reference.Kind}/{reference.Id}";

    /// <summary>The beginning.</summary>
    public static RenamingDocument Begin(ReferenceName name, IReadOnlyList<RenamingTarget> targets, long total, DateTimeOffset now) => new()
    {
        Partition = PartitionOf(name.Reference),
        Version = name.Version,
        State = RenamingState.Running,
        Targets = targets,
        Total = total,
        StartedAt = now,
        UpdatedAt = now,
    };

    /// <summary>What is to be gone through next; null when everything was, in this state.</summary>
    [JsonIgnore]
    public RenamingTarget? Next => Targets.FirstOrDefault(t => !t.Finished);

    /// <summary>After a page of <see cref="Next"/>.</summary>
    /// <param name="renamed">Documents that were given the name.</param>
    /// <param name="continuation">Where to go on; null when it was the last page.</param>
    /// <param name="now">The time, UTC.</param>
    public RenamingDocument AfterPage(int renamed, string? continuation, DateTimeOffset now)
    {
        var next = Next ?? throw new InvalidOperationException("Everything was gone through.");
        return this with
        {
            Targets = [.. Targets.Select(t => t == next ? t with { Continuation = continuation, Finished = continuation is null } : t)],
            Done = Done + renamed,
            Total = Math.Max(Total, Done + renamed),
            UpdatedAt = now,
        };
    }

    /// <summary>When all that were there have the name, and those that were made meanwhile can be looked for.</summary>
    public RenamingDocument Settle(IReadOnlyList<RenamingTarget> targets, DateTimeOffset now) =>
        this with { State = RenamingState.Settling, Targets = targets, UpdatedAt = now };

    /// <summary>The end. What was counted and is not among those renamed has ended meanwhile, or was made with the name.</summary>
    public RenamingDocument Finish(DateTimeOffset now) => this with { State = RenamingState.Done, Total = Done, UpdatedAt = now };
}
