using System.Text.Json;
using ChangeFeed.EventStore;

namespace ChangeFeed.MassTransit.Engine;

/// <summary>One document on its way to the consumers.</summary>
/// <param name="Lease">The lease it came under.</param>
/// <param name="Stream">The stream it belongs to; a name of its own for a document that tells none.</param>
/// <param name="Header">Where it belongs and what it is; null when the document does not say.</param>
/// <param name="Document">The raw document.</param>
/// <param name="Problem">Why there is no header.</param>
internal sealed record FeedItem(string Lease, string Stream, EventHeader? Header, JsonElement Document, EventDocumentException? Problem)
{
    /// <summary>Since when this instance owns the lease; null outside of a lease.</summary>
    public DateTimeOffset? OwnedSince { get; init; }

    /// <summary>The next document of the stream in the same page that is wanted.</summary>
    public FeedItem? Next { get; set; }

    /// <summary>How often it was put off, by a policy that blocks or by a store that could not be reached.</summary>
    public int PutOff { get; set; }

    /// <summary>How often it failed and waited for the kill switch to close.</summary>
    public int Holds { get; set; }

    /// <summary>Version in the stream; 0 for a document that tells none.</summary>
    public long Version => Header?.Version ?? 0;

    /// <summary>Reads the envelope of a document, without binding its data.</summary>
    public static FeedItem Read(string lease, JsonElement document)
    {
        try
        {
            var header = EventDocument.ReadHeader(document);
            return new FeedItem(lease, header.StreamId, header, document, null);
        }
        catch (EventDocumentException e)
        {
            // Nothing orders it after anything: it is a stream of its own, and stands in nobody's way.
            return new FeedItem(lease, "document/" + SystemId(document), null, document, e);
        }
    }

    private static string SystemId(JsonElement document) =>
        document.ValueKind == JsonValueKind.Object && document.TryGetProperty("_rid"u8, out var rid) && rid.ValueKind == JsonValueKind.String
            ? rid.GetString()!
            : Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(document.GetRawText())));
}
