using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using ChangeFeed.EventStore.Cosmos;
using ChangeFeed.MassTransit.Cosmos;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.MassTransit.Positions;

/// <summary>
/// Writes another position into a lease, and takes it from its owner: who owned it can checkpoint it no more, and whoever acquires it begins there.
/// Everything else in it stays as the SDK wrote it.
/// </summary>
internal sealed class LeaseMover(Container leases)
{
    // The SDK keeps the properties of a lease, and has no use for them itself.
    private const string Mark = "moved";

    /// <summary>Moves a lease that this operation has not moved.</summary>
    /// <returns>False when the lease is gone: its partition was split, and its new ones have leases of their own.</returns>
    public async Task<bool> MoveAsync(LeaseInfo lease, long? position, string operation, CancellationToken cancellationToken)
    {
        while (true)
        {
            JsonObject json;
            using (var document = await leases.FindAsync(lease.Id, lease.Id, cancellationToken))
            {
                if (document is null)
                    return false;
                json = JsonObject.Create(document.RootElement.Clone())!;
            }

            var properties = json["properties"] as JsonObject;
            if (properties?[Mark] is JsonValue mark && mark.GetValue<string>() == operation)
                return true;
            if (properties is null)
                json["properties"] = properties = [];
            properties[Mark] = operation;
            json["ContinuationToken"] = LeasePosition.Write(position);
            json["Owner"] = null;

            using var body = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(json), writable: false);
            using var response = await leases.ReplaceItemStreamAsync(
                body, lease.Id, new PartitionKey(lease.Id),
                new ItemRequestOptions { IfMatchEtag = json["_etag"]!.GetValue<string>(), EnableContentResponseOnWrite = false }, cancellationToken);
            // Renewed, checkpointed or gone meanwhile: look again.
            if (response.StatusCode is HttpStatusCode.PreconditionFailed or HttpStatusCode.NotFound)
                continue;
            response.EnsureSuccessStatusCode();
            return true;
        }
    }
}
