using System.Text.Json;
using System.Text.Json.Nodes;
using ChangeFeed.EventStore;
using ChangeFeed.EventStore.Cold;
using ChangeFeed.EventStore.Cosmos;
using Microsoft.Azure.Cosmos;

namespace Orders.Archive.Cooling;

/// <summary>A stream as its documents in the container are.</summary>
/// <param name="Id">The stream.</param>
/// <param name="Documents">Its documents in the order of their versions; that with the id of the first event is the first.</param>
internal sealed record HotStream(string Id, IReadOnlyList<JsonElement> Documents)
{
    private static readonly string[] OfTheStore = ["_rid", "_self", "_etag", "_attachments", "_ts", "_lsn"];

    /// <summary>What has left already.</summary>
    public ColdStream? Left => Documents.Count == 0 ? null : ColdMark.ReadStub(Documents[0]);

    /// <summary>The documents of events that have not left.</summary>
    public IReadOnlyList<JsonElement> Here => Left is { } left ? [.. Documents.Where(d => EventDocument.ReadHeader(d).Version > left.LastVersion)] : Documents;

    /// <summary>The documents of events that have left and do not expire: whoever took them out was killed.</summary>
    public IReadOnlyList<JsonElement> Forgotten => Left is { } left
        ? [.. Documents.Skip(1).Where(d => EventDocument.ReadHeader(d).Version <= left.LastVersion && !d.TryGetProperty("ttl"u8, out _))]
        : [];

    public string ETag => ETagOf(Documents[0]);

    public static string ETagOf(JsonElement document) => document.GetProperty("_etag"u8).GetString()!;

    public static async Task<HotStream> ReadAsync(Container events, string streamId, CancellationToken cancellationToken) => new(
        streamId,
        await events.QueryAsync(
            new QueryDefinition("SELECT * FROM c WHERE c.version >= 0 ORDER BY c.version"),
            document => document.Clone(),
            new QueryRequestOptions { PartitionKey = new PartitionKey(streamId), EnableOptimisticDirectExecution = true },
            cancellationToken));

    /// <summary>What stands in place of the first event once the stream has left.</summary>
    /// <param name="left">What has left then.</param>
    /// <param name="isMoving">Whether a batch is still to come.</param>
    public JsonObject Stub(ColdStream left, bool isMoving)
    {
        var stub = JsonObject.Create(Documents[0])!;
        foreach (var name in OfTheStore)
            stub.Remove(name);
        // Whoever erases a customer finds their orders by it.
        stub["data"] = stub["data"]?["customerId"]?.GetValue<string>() is { } customer ? new JsonObject { ["customerId"] = customer } : new JsonObject();
        stub[ColdMark.Property] = ColdMark.Stub(left, isMoving);
        return stub;
    }
}
