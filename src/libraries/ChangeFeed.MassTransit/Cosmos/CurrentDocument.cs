using System.Globalization;
using System.Net;
using System.Text.Json;
using Microsoft.Azure.Cosmos;
using ChangeFeed.EventStore;

namespace ChangeFeed.MassTransit.Cosmos;

/// <summary>
/// What a replay hands to the consumers: the document as the store has it now, because a document that nobody could read is repaired
/// there. The letter keeps what was put aside, and serves when the document is gone or tells no stream to look in.
/// </summary>
internal sealed class CurrentDocument(Container container)
{
    public async Task<JsonElement> ReadAsync(JsonElement putAside, CancellationToken cancellationToken)
    {
        EventHeader header;
        try
        {
            header = EventDocument.ReadHeader(putAside);
        }
        catch (EventDocumentException)
        {
            return putAside;
        }

        using var response = await container.ReadItemStreamAsync(
            header.Version.ToString(CultureInfo.InvariantCulture), new PartitionKey(header.StreamId), cancellationToken: cancellationToken);
        if (response.StatusCode == HttpStatusCode.NotFound)
            return putAside;
        response.EnsureSuccessStatusCode();
        using var json = await JsonDocument.ParseAsync(response.Content, cancellationToken: cancellationToken);
        return json.RootElement.Clone();
    }
}
