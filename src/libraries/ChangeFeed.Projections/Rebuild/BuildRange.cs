using System.Text.Json.Serialization;

namespace ChangeFeed.Projections.Rebuild;

/// <summary>One partition of the events, and how far a version was built from it.</summary>
/// <param name="Id">Id of the document.</param>
/// <param name="View">The view, which is its partition.</param>
/// <param name="Version">The version that is built.</param>
/// <param name="Range">The feed range, as the SDK writes it.</param>
public sealed record BuildRange(
    [property: JsonPropertyName("id")] string Id,
    [property: JsonPropertyName("view")] string View,
    [property: JsonPropertyName("version")] int Version,
    [property: JsonPropertyName("range")] string Range)
{
    /// <summary>Where to go on reading; null at the beginning.</summary>
    [JsonPropertyName("position")]
    public string? Position { get; init; }

    /// <summary>Events that are in the version.</summary>
    [JsonPropertyName("events")]
    public long Events { get; init; }

    /// <summary>Whether the end was reached.</summary>
    [JsonPropertyName("done")]
    public bool Done { get; init; }

    /// <summary>The process that builds it, until the time it said it will have shown itself again.</summary>
    [JsonPropertyName("owner")]
    public string? Owner { get; init; }

    /// <summary>When the owner counts as gone, UTC.</summary>
    [JsonPropertyName("until")]
    public DateTimeOffset Until { get; init; }
}

/// <summary>The partitions a version is built from; written when building may begin.</summary>
/// <param name="Id">Id of the document.</param>
/// <param name="View">The view, which is its partition.</param>
/// <param name="Ranges">The feed ranges, as the SDK writes them.</param>
public sealed record BuildPlan(
    [property: JsonPropertyName("id")] string Id,
    [property: JsonPropertyName("view")] string View,
    [property: JsonPropertyName("ranges")] IReadOnlyList<string> Ranges);
