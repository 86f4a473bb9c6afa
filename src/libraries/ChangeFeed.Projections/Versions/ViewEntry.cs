using System.Text.Json.Serialization;

namespace ChangeFeed.Projections.Versions;

/// <summary>The document in container <c>views</c> that says which versions of a view there are.</summary>
public sealed record ViewEntry(
    [property: JsonPropertyName("id")] string Id,
    [property: JsonPropertyName("view")] string View,
    [property: JsonPropertyName("versions")] ViewVersions Versions)
{
    /// <summary>The id; the partition is the view's.</summary>
    public const string Document = "versions";
}
