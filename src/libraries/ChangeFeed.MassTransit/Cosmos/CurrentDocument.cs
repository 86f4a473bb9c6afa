using System.Globalization;
using System.Text.Json;
using ChangeFeed.EventStore;
using ChangeFeed.EventStore.Cold;
using ChangeFeed.EventStore.Cosmos;
using Microsoft.Azure.Cosmos;

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

        using var document = await container.FindAsync(header.Version.ToString(CultureInfo.InvariantCulture), header.StreamId, cancellationToken);
        return document is null || ColdMark.ReadStub(document.RootElement) is not null ? putAside : document.RootElement.Clone();
    }
}
