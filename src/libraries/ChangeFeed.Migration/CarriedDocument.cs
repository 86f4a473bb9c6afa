using System.Text.Json;
using System.Text.Json.Nodes;
using ChangeFeed.Migration.Copy;

namespace ChangeFeed.Migration;

/// <summary>For consumers of a feed that a migration writes to.</summary>
public static class CarriedDocument
{
    /// <summary>Name of the property a carried document says of itself where it came from.</summary>
    public const string Property = DocumentStamp.Property;

    /// <summary>
    /// Whether a document is a copy of one on the other side, unchanged since: whoever has handled the other side's feed leaves it out.
    /// </summary>
    /// <param name="document">The document.</param>
    public static bool IsCarried(JsonObject document) =>
        DocumentStamp.Of(document) is { } stamp && (stamp.Deleted || DocumentStamp.OfCarried(document, stamp.Plan) is not null);

    /// <inheritdoc cref="IsCarried(JsonObject)"/>
    public static bool IsCarried(JsonElement document) =>
        document.TryGetProperty(Property, out _) && JsonObject.Create(document) is { } json && IsCarried(json);

    /// <summary>In which generation of a migration a document was carried here, unchanged since; null for one that was written here.</summary>
    /// <param name="document">The document.</param>
    /// <param name="plan">Key of the migration: what an earlier one carried belongs here by now.</param>
    public static long? CarriedIn(JsonElement document, string plan) =>
        document.TryGetProperty(Property, out _) && JsonObject.Create(document) is { } json && DocumentStamp.Of(json) is { } stamp && stamp.Plan == plan
        && (stamp.Deleted || DocumentStamp.OfCarried(json, plan) is not null)
            ? stamp.Generation
            : null;
}
