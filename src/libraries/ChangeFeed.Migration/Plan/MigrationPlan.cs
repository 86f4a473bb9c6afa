using System.Text.Json.Serialization;

namespace ChangeFeed.Migration.Plan;

/// <summary>What a migration does at the moment.</summary>
public enum MigrationState
{
    /// <summary>Documents are carried.</summary>
    Running,

    /// <summary>Nothing is carried until it is resumed.</summary>
    Paused,

    /// <summary>A switch has the ranges; runners hold still.</summary>
    Switching,

    /// <summary>Given up; the old container serves.</summary>
    Cancelled,

    /// <summary>Over; the side that does not serve is no longer kept current.</summary>
    Released,
}

/// <summary>
/// A migration. Each switch begins a generation: in the odd ones changes go from the old container to the new one, in the even ones back.
/// </summary>
/// <param name="Id">Id of the document.</param>
/// <param name="Migration">Its name, which is the partition of all its documents.</param>
/// <param name="Key">Tells this migration from an earlier one of the same name.</param>
/// <param name="Old">Where the documents were when it began.</param>
/// <param name="New">Where they are to be.</param>
public sealed record MigrationPlan(string Id, string Migration, string Key, ContainerLocation Old, ContainerLocation New)
{
    internal const string Document = "plan";

    /// <summary>Which generation is carried.</summary>
    public int Generation { get; init; } = 1;

    /// <summary>What it does at the moment.</summary>
    public MigrationState State { get; init; }

    /// <summary>Name of the transformation.</summary>
    public string Transformation { get; init; } = "none";

    /// <summary>Request units per second that all runners together may use; null for no limit.</summary>
    public double? RequestUnits { get; init; }

    /// <summary>The feed ranges of the source of this generation, as the SDK writes them.</summary>
    public IReadOnlyList<string> Ranges { get; init; } = [];

    /// <summary>Whether that source shows all versions and deletes; else deletes are what the transformation takes for one.</summary>
    public bool Versions { get; init; }

    /// <summary>When it was begun, UTC.</summary>
    public DateTimeOffset Begun { get; init; }

    /// <summary>Where documents are carried from.</summary>
    [JsonIgnore]
    public ContainerLocation Source => Generation % 2 == 1 ? Old : New;

    /// <summary>Where documents are carried to.</summary>
    [JsonIgnore]
    public ContainerLocation Target => Generation % 2 == 1 ? New : Old;

    internal bool IsFirst => Generation == 1;
}
