using System.Text.Json.Nodes;
using ChangeFeed.EventStore;
using ChangeFeed.EventStore.Cold;
using ChangeFeed.EventStore.Cosmos;
using Microsoft.Azure.Cosmos;

namespace Orders.Archive.Cooling;

/// <summary>Writes the events of a stream back into the event store. They are marked, and nobody handles them again.</summary>
/// <param name="events">The event store.</param>
/// <param name="archive">Where the streams are.</param>
/// <param name="types">The vocabulary.</param>
public sealed class StreamRestore(Container events, IColdStreams archive, EventTypeMap types)
{
    // A transaction takes 2 MB.
    private const int MaxBytes = 1_500_000;

    /// <summary>Brings a stream back.</summary>
    /// <param name="streamId">The stream.</param>
    /// <param name="cancellationToken">Ends it; run again, it goes on.</param>
    /// <returns>How many events came back; 0 where the stream has not left.</returns>
    /// <exception cref="ColdStreamException">The archive cannot be read, or does not have the stream.</exception>
    /// <exception cref="CoolingException">Somebody else moves the stream.</exception>
    /// <exception cref="CosmosException">The store refused, or cannot be reached.</exception>
    public async Task<int> RunAsync(string streamId, CancellationToken cancellationToken)
    {
        var stream = await HotStream.ReadAsync(events, streamId, cancellationToken);
        if (stream.Left is not { } left)
            return 0;
        var cold = (await archive.ReadAsync([left], cancellationToken))[streamId];
        var documents = cold.Select(e => Document(e, left.LastVersion)).ToList();
        var move = new StreamMove(events, streamId, stream.ETag);
        var batches = Batches(documents.Skip(1)).DefaultIfEmpty([]).ToList();
        foreach (var (i, batch) in batches.Index())
        {
            // The first event comes last: until then the stream is read in the archive.
            var first = i == batches.Count - 1 ? documents[0] : stream.Stub(left, isMoving: true);
            if (!await move.TryWriteAsync(first, all => batch.ForEach(one => all.UpsertItemStream(StreamMove.Body(one))), null, cancellationToken))
                throw new CoolingException($"Stream {streamId} was moved by somebody else meanwhile: try again.");
        }

        return documents.Count;
    }

    private JsonObject Document(RecordedEvent e, long lastVersion)
    {
        var document = JsonNode.Parse(EventDocument.Write(e, types))!.AsObject();
        document[ColdMark.Property] = ColdMark.Restored(first: e.Version == 0, lastVersion);
        return document;
    }

    private static IEnumerable<List<JsonObject>> Batches(IEnumerable<JsonObject> documents)
    {
        var (batch, bytes) = (new List<JsonObject>(), 0);
        foreach (var document in documents)
        {
            var size = document.ToJsonString().Length;
            if (batch.Count > 0 && (batch.Count == StreamMove.MaxDocuments || bytes + size > MaxBytes))
            {
                yield return batch;
                (batch, bytes) = ([], 0);
            }

            batch.Add(document);
            bytes += size;
        }

        if (batch.Count > 0)
            yield return batch;
    }
}
