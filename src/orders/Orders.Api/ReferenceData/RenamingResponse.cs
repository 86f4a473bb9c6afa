using System.ComponentModel;
using Orders.Contracts;
using Orders.ReadModels;

namespace Orders.Api.ReferenceData;

/// <summary>Where a renaming stands, as a client sees it.</summary>
internal enum RenamingProgress
{
    Waiting,
    Running,
    Settling,
    Done,
}

/// <summary>How far the name that something has now has come.</summary>
internal sealed record RenamingResponse
{
    public required string Id { get; init; }

    [Description("Version of the customer or product whose name it is.")]
    public required long Version { get; init; }

    [Description(
        "Waiting: not begun. Running: the open orders that were there are renamed. Settling: those that were placed meanwhile are looked for. Done: every open order has the name.")]
    public required RenamingProgress State { get; init; }

    [Description("Documents that were renamed. An order has one in each view, and two while a view is rebuilt.")]
    public required long Done { get; init; }

    [Description("Documents that are to be renamed, as far as known.")]
    public required long Total { get; init; }

    [Description("When it began, UTC. Absent while it waits.")]
    public DateTimeOffset? StartedAt { get; init; }

    [Description("When it was last seen to proceed, UTC. Absent while it waits.")]
    public DateTimeOffset? UpdatedAt { get; init; }

    public static RenamingResponse Example { get; } = new()
    {
        Id = "c-1001",
        Version = 3,
        State = RenamingProgress.Running,
        Done = 100,
        Total = 412,
        StartedAt = new DateTimeOffset(2026, 3, 14, 15, 9, 26, TimeSpan.Zero),
        UpdatedAt = new DateTimeOffset(2026, 3, 14, 15, 9, 26, 80, TimeSpan.Zero),
    };

    /// <summary>What is to be told of a document and what the views have written about it. Pure.</summary>
    public static RenamingResponse From(IReferenceDocument document, RenamingDocument? renaming) => renaming is null || renaming.Version < document.Version
        ? new RenamingResponse { Id = document.Id, Version = document.Version, State = RenamingProgress.Waiting, Done = 0, Total = 0 }
        : new RenamingResponse
        {
            Id = document.Id,
            Version = renaming.Version,
            State = renaming.State switch
            {
                RenamingState.Running => RenamingProgress.Running,
                RenamingState.Settling => RenamingProgress.Settling,
                _ => RenamingProgress.Done,
            },
            Done = renaming.Done,
            Total = renaming.Total,
            StartedAt = renaming.StartedAt,
            UpdatedAt = renaming.UpdatedAt,
        };
}
