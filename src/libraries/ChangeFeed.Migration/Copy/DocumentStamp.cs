using System.Text.Json.Nodes;

namespace ChangeFeed.Migration.Copy;

/// <summary>
/// What a carried document says of where it came from, in its property <c>_migration</c>. It travels with the document, so that which of two
/// versions is newer is decided where the document is written, and not by who comes last.
/// </summary>
/// <param name="Plan">Key of the migration.</param>
/// <param name="Generation">Generation that carried it.</param>
/// <param name="Version">Log sequence number of the version in the source: it grows with each version of a document, also over splits.</param>
/// <param name="ETag">Etag of that version; null for a delete.</param>
/// <param name="Hash">Hash of the content, which tells what was carried from what somebody wrote since.</param>
/// <param name="Key">Partition key values of the source document, and its id.</param>
/// <param name="Deleted">Whether it stands where a document was deleted.</param>
internal sealed record DocumentStamp(string Plan, int Generation, long Version, string? ETag, string Hash, JsonArray Key, bool Deleted)
{
    public const string Property = "_migration";

    public static DocumentStamp? Of(JsonObject document)
    {
        if (document[Property] is not JsonObject stamp)
            return null;
        return stamp["plan"] is JsonValue plan && stamp["generation"] is JsonValue generation && stamp["version"] is JsonValue version
            && stamp["hash"] is JsonValue hash && stamp["key"] is JsonArray key
                ? new DocumentStamp(
                    plan.GetValue<string>(), generation.GetValue<int>(), version.GetValue<long>(), (string?)stamp["etag"], hash.GetValue<string>(), key,
                    (bool?)stamp["deleted"] ?? false)
                : null;
    }

    /// <summary>The stamp of a document that is still what was carried; null where somebody wrote it.</summary>
    public static DocumentStamp? OfCarried(JsonObject document, string plan) =>
        Of(document) is { } stamp && stamp.Plan == plan && stamp.Hash == DocumentContent.Hash(document) ? stamp : null;

    public JsonObject ToJson()
    {
        var json = new JsonObject
        {
            ["plan"] = Plan,
            ["generation"] = Generation,
            ["version"] = Version,
            ["hash"] = Hash,
            ["key"] = Key.DeepClone(),
        };
        if (ETag is not null)
            json["etag"] = ETag;
        if (Deleted)
            json["deleted"] = true;
        return json;
    }

    public bool IsOlderThan(DocumentStamp other) => (Generation, Version).CompareTo((other.Generation, other.Version)) < 0;
}
