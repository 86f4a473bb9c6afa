using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using ChangeFeed.EventStore.Cosmos;
using ChangeFeed.MassTransit.Engine;
using ChangeFeed.MassTransit.Positions;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.MassTransit.Cosmos;

/// <summary>
/// Checkpoints a lease within a page, which the processor cannot: it only knows where a page ends. The owner stays the owner, and what the processor
/// writes next it writes on top of this, as it does on another checkpoint of its own.
/// </summary>
internal sealed class LeasePlace(Container leases, LeaseDirectory directory)
{
    /// <summary>Notes how far a lease is.</summary>
    /// <exception cref="FeedLeaseLostException">It is another instance's by now, or gone.</exception>
    public async Task NoteAsync(string lease, string owner, long? position, CancellationToken cancellationToken)
    {
        while (true)
        {
            var known = (await directory.ReadAsync(cancellationToken)).FirstOrDefault(known => known.Token == lease) ?? throw new FeedLeaseLostException(lease);
            using var document = await leases.FindAsync(known.Id, known.Id, cancellationToken) ?? throw new FeedLeaseLostException(lease);
            var json = JsonObject.Create(document.RootElement)!;
            if ((string?)json["Owner"] != owner)
                throw new FeedLeaseLostException(lease);
            json["ContinuationToken"] = LeasePosition.Write(position);

            using var body = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(json), writable: false);
            using var response = await leases.ReplaceItemStreamAsync(
                body, known.Id, new PartitionKey(known.Id),
                new ItemRequestOptions { IfMatchEtag = (string?)json["_etag"], EnableContentResponseOnWrite = false }, cancellationToken);
            if (response.StatusCode == HttpStatusCode.PreconditionFailed)
                continue; // renewed meanwhile, or taken
            if (response.StatusCode == HttpStatusCode.NotFound)
                throw new FeedLeaseLostException(lease);
            response.EnsureSuccessStatusCode();
            return;
        }
    }
}
