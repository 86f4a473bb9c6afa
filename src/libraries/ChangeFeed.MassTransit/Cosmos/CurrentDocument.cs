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
internal sealed class CurrentDocument(IFeedRoute route)
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

        return await FindAsync(header, cancellationToken) is { } document && ColdMark.ReadStub(document) is null ? document : putAside;
    }

    // Whichever leg is read: what is repaired is repaired where it serves.
    private async Task<JsonElement?> FindAsync(EventHeader header, CancellationToken cancellationToken)
    {
        var serving = (await route.GetAsync(0, cancellationToken)).Serving;
        var id = header.Version.ToString(CultureInfo.InvariantCulture);
        if (serving.Name.Length == 0)
        {
            using var document = await serving.Container.FindAsync(id, header.StreamId, cancellationToken);
            return document?.RootElement.Clone();
        }

        // Another leg may have another partition key.
        var query = new QueryDefinition("SELECT * FROM c WHERE c.streamId = @stream AND c.id = @id")
            .WithParameter("@stream", header.StreamId).WithParameter("@id", id);
        await foreach (var document in serving.Container.QueryAsync(query, options: null, cancellationToken))
            return document.Clone();
        return null;
    }
}
