using System.Text.Json;
using System.Text.Json.Nodes;

namespace ChangeFeed.EventStore.Cold;

/// <summary>
/// What is on documents that were written to move a stream, not to append to it: the feed shows them once more, and nobody handles them again.
/// The document in place of the first event says how much of the stream has left. It has the id of that event, so that the store goes on
/// refusing a second stream of the name.
/// </summary>
public static class ColdMark
{
    /// <summary>Name of the property.</summary>
    public const string Property = "_archive";

    /// <summary>Path that is to be indexed: of the property that only a document in place of a first event has.</summary>
    public const string StubPath = $"/{Property}/upTo/?";

    /// <summary>Path that is to be indexed: of the property of such a document whose stream was left in the middle of moving.</summary>
    public const string MovingPath = $"/{Property}/moving/?";

    /// <summary>Whether a document was written to move its stream.</summary>
    /// <param name="document">A document of the container, or anything else.</param>
    public static bool IsOn(JsonElement document) =>
        document.ValueKind == JsonValueKind.Object && document.TryGetProperty(Property, out var mark) && mark.ValueKind == JsonValueKind.Object;

    /// <summary>What has left; null for every document but the one in place of a first event.</summary>
    /// <param name="document">A document of the container.</param>
    /// <exception cref="EventDocumentException">The mark cannot be read.</exception>
    public static ColdStream? ReadStub(JsonElement document)
    {
        if (!IsOn(document) || !document.GetProperty(Property).TryGetProperty("upTo"u8, out var upTo))
            return null;
        var hints = document.GetProperty(Property).TryGetProperty("hints"u8, out var texts) && texts.ValueKind == JsonValueKind.Array
            ? texts.EnumerateArray().Select(text => text.ToString()).ToList()
            : [];
        return upTo.ValueKind == JsonValueKind.Number && upTo.TryGetInt64(out var last)
            ? new ColdStream(EventDocument.ReadHeader(document).StreamId, last, hints)
            : throw new EventDocumentException($"The event's '{Property}.upTo' is not a whole number.");
    }

    /// <summary>The last version that came back with the first event; null for every other document.</summary>
    /// <param name="document">A document of the container.</param>
    public static long? ReadRestored(JsonElement document) =>
        IsOn(document) && document.GetProperty(Property).TryGetProperty("restored"u8, out var last) && last.TryGetInt64(out var version) ? version : null;

    /// <summary>The mark of a document in place of a first event.</summary>
    /// <param name="stream">What has left.</param>
    /// <param name="isMoving">True until all of a stream of more than one batch is done.</param>
    public static JsonObject Stub(ColdStream stream, bool isMoving)
    {
        var mark = new JsonObject { ["upTo"] = stream.LastVersion, ["hints"] = new JsonArray([.. stream.Hints.Select(hint => JsonValue.Create(hint))]) };
        if (isMoving)
            mark["moving"] = true;
        return mark;
    }

    /// <summary>The mark of an event that is about to expire.</summary>
    public static IReadOnlyDictionary<string, bool> Leaving { get; } = new Dictionary<string, bool> { ["leaving"] = true };

    /// <summary>The mark of an event that came back.</summary>
    /// <param name="first">Whether it is the first of its stream.</param>
    /// <param name="lastVersion">The last that came back.</param>
    public static JsonObject Restored(bool first, long lastVersion) => first ? new() { ["restored"] = lastVersion } : new() { ["back"] = true };
}
