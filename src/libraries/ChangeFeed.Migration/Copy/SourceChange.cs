using System.Text.Json;
using System.Text.Json.Nodes;

namespace ChangeFeed.Migration.Copy;

/// <summary>A change of the source.</summary>
/// <param name="Document">The document; for a delete, what was there.</param>
/// <param name="IsDelete">Whether it is gone.</param>
/// <param name="Version">Log sequence number.</param>
/// <param name="At">When it happened, in seconds since 1970.</param>
internal sealed record SourceChange(JsonObject Document, bool IsDelete, long Version, long At)
{
    public string? ETag => (string?)Document["_etag"];

    /// <summary>When this version of the document was written, in seconds since 1970; what remains of its life is reckoned from there.</summary>
    public long Written => (long?)Document["_ts"] ?? At;

    /// <summary>A document of the feed of latest versions.</summary>
    public static SourceChange OfLatest(JsonElement document)
    {
        var json = Json(document);
        return new SourceChange(json, false, (long)json["_lsn"]!, (long)json["_ts"]!);
    }

    /// <summary>A change of the feed of all versions and deletes.</summary>
    public static SourceChange OfVersion(JsonElement change)
    {
        var metadata = change.GetProperty("metadata"u8);
        var version = metadata.GetProperty("lsn"u8).GetInt64();
        var at = metadata.GetProperty("crts"u8).GetInt64();
        if (!metadata.GetProperty("operationType"u8).ValueEquals("delete"u8))
            return new SourceChange(Json(change.GetProperty("current"u8)), false, version, at);
        if (change.TryGetProperty("previous"u8, out var previous) && previous.ValueKind == JsonValueKind.Object)
            return new SourceChange(Json(previous), true, version, at);
        // Where the previous version is not shown, the key is: enough for transformations that look at nothing else.
        var key = metadata.TryGetProperty("partitionKey"u8, out var values) ? Json(values) : [];
        key["id"] = metadata.GetProperty("id"u8).GetString();
        return new SourceChange(key, true, version, at);
    }

    // The page is gone when the next is read.
    private static JsonObject Json(JsonElement element) => JsonObject.Create(element.Clone())!;
}
