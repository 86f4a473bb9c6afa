using System.Text.Json.Serialization;

namespace ChangeFeed.MassTransit;

/// <summary>A position of one partition in a document.</summary>
/// <param name="Lease">The lease token at that time.</param>
/// <param name="Min">Where its range of keys begins, inclusive.</param>
/// <param name="Max">Where its range of keys ends, exclusive: after a split the new partitions are found by it.</param>
/// <param name="Position">Log sequence number; null for the beginning.</param>
public sealed record StoredPosition(string Lease, string Min, string Max, long? Position);

/// <summary>Where an endpoint stood when somebody gave it a name: a document of the container of controls.</summary>
public sealed record SavedPosition
{
    internal const string KindName = "position";

    /// <summary>Made from the name.</summary>
    public required string Id { get; init; }

    /// <summary>The endpoint: the partition key.</summary>
    public required string Endpoint { get; init; }

    /// <summary>What tells it from the commands in the same container.</summary>
    public string Kind { get; } = KindName;

    /// <summary>What it is called.</summary>
    public required string Name { get; init; }

    /// <summary>Who saved it.</summary>
    public required string By { get; init; }

    /// <summary>Why; null where none was told.</summary>
    public string? Reason { get; init; }

    /// <summary>When, UTC.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The leg of the feed it was saved on; empty where endpoints began.</summary>
    public string Leg { get; init; } = "";

    /// <summary>The positions.</summary>
    public required IReadOnlyList<StoredPosition> Partitions { get; init; }
}

/// <summary>That an endpoint was moved, or is being moved: a document of the container of controls, one per endpoint.</summary>
public sealed record PositionMove
{
    internal const string KindName = "move";

    /// <summary>The same for every endpoint, so that two moves at once are one too many.</summary>
    public string Id { get; } = KindName;

    /// <summary>The endpoint: the partition key.</summary>
    public required string Endpoint { get; init; }

    /// <summary>What tells it from the commands in the same container.</summary>
    public string Kind { get; } = KindName;

    /// <summary>The token of the plan: asking for the same again completes it, and does it no second time.</summary>
    public required string Operation { get; init; }

    /// <summary>Where it goes on, in words.</summary>
    public required string Target { get; init; }

    /// <summary>Who moved it.</summary>
    public required string By { get; init; }

    /// <summary>Why.</summary>
    public required string Reason { get; init; }

    /// <summary>When, UTC.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Where it goes on in each partition.</summary>
    public required IReadOnlyList<StoredPosition> Partitions { get; init; }

    /// <summary>When all leases were written, UTC; null while some may not be.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>The moves before it, newest first, at most 20.</summary>
    public IReadOnlyList<FormerMove> History { get; init; } = [];

    /// <summary>Version of the document as the store has it.</summary>
    [JsonPropertyName("_etag")]
    public string? ETag { get; init; }
}

/// <summary>A move before the last one.</summary>
/// <param name="Operation">The token of its plan.</param>
/// <param name="Target">Where it went on, in words.</param>
/// <param name="By">Who moved it.</param>
/// <param name="Reason">Why.</param>
/// <param name="At">When, UTC.</param>
public sealed record FormerMove(string Operation, string Target, string By, string Reason, DateTimeOffset At);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SavedPosition))]
[JsonSerializable(typeof(PositionMove))]
internal sealed partial class PositionJson : JsonSerializerContext;
