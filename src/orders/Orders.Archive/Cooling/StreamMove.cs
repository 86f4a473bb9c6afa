using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using ChangeFeed.EventStore.Cold;
using Microsoft.Azure.Cosmos;

namespace Orders.Archive.Cooling;

/// <summary>
/// Writes to the documents of one stream in batches, each conditional on what stands in place of the first event: of two that move a stream, in
/// whatever direction, one goes on.
/// </summary>
/// <param name="events">The container of the events.</param>
/// <param name="streamId">The stream.</param>
/// <param name="etag">Of the document with the id of the first event.</param>
internal sealed class StreamMove(Container events, string streamId, string etag)
{
    /// <summary>Documents of a batch beside that of the first event and a guard, which is two.</summary>
    public const int MaxDocuments = 97;

    private const string FirstId = "0";

    private static readonly TransactionalBatchItemRequestOptions NoContent = new() { EnableContentResponseOnWrite = false };

    private string _etag = etag;

    /// <summary>Writes a batch.</summary>
    /// <param name="first">What is to stand in place of the first event.</param>
    /// <param name="add">Adds the others.</param>
    /// <param name="guard">A version that the stream must not have yet; null where that is of no matter.</param>
    /// <param name="cancellationToken">Ends the wait; the batch may have been written all the same.</param>
    /// <returns>False when somebody else has written to the stream; then nothing has happened.</returns>
    /// <exception cref="CosmosException">The store refused for another reason.</exception>
    public async Task<bool> TryWriteAsync(JsonObject first, Action<TransactionalBatch> add, long? guard, CancellationToken cancellationToken)
    {
        var batch = events.CreateTransactionalBatch(new PartitionKey(streamId)).ReplaceItemStream(
            FirstId, Body(first), new TransactionalBatchItemRequestOptions { EnableContentResponseOnWrite = false, IfMatchEtag = _etag });
        var guardId = guard?.ToString(System.Globalization.CultureInfo.InvariantCulture);
        if (guardId is not null)
        {
            var document = new JsonObject { ["id"] = guardId, ["streamId"] = streamId, [ColdMark.Property] = new JsonObject { ["guard"] = true } };
            batch.CreateItemStream(Body(document), NoContent).DeleteItem(guardId, NoContent);
        }

        add(batch);
        using var result = await batch.ExecuteAsync(cancellationToken);
        if (result.IsSuccessStatusCode)
        {
            _etag = result[0].ETag;
            return true;
        }

        return result.StatusCode is HttpStatusCode.PreconditionFailed or HttpStatusCode.Conflict or HttpStatusCode.NotFound
            ? false
            : throw new CosmosException(result.ErrorMessage, result.StatusCode, 0, result.ActivityId, result.RequestCharge);
    }

    public static MemoryStream Body(JsonObject document) => new(Encoding.UTF8.GetBytes(document.ToJsonString()), writable: false);
}
