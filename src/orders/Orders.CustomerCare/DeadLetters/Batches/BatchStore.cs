using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using ChangeFeed.EventStore.Cosmos;
using ChangeFeed.ServiceDefaults;
using Microsoft.Azure.Cosmos;
using Orders.Hosting;

namespace Orders.CustomerCare.DeadLetters.Batches;

/// <summary>Keeps batches beside the dead letters, in a partition of their own.</summary>
internal sealed class BatchStore(OrdersDatabase database)
{
    private static readonly PartitionKey Key = new(BatchDocument.Partition);

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter() },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public async Task CreateAsync(BatchDocument batch, CancellationToken cancellationToken)
    {
        using var response = await database.DeadLetters.CreateItemStreamAsync(Write(batch), Key, cancellationToken: cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>Null when there is none of that id.</summary>
    public async Task<BatchDocument?> ReadAsync(string id, CancellationToken cancellationToken)
    {
        using var document = await database.DeadLetters.FindAsync(id, BatchDocument.Partition, cancellationToken);
        return document?.Deserialize<BatchDocument>(Json);
    }

    /// <summary>The batch as it is stored now; null when another instance has stored it since it was read.</summary>
    public async Task<BatchDocument?> TryReplaceAsync(BatchDocument batch, CancellationToken cancellationToken)
    {
        using var response = await database.DeadLetters.ReplaceItemStreamAsync(
            Write(batch), batch.Id, Key, new ItemRequestOptions { IfMatchEtag = batch.ETag, EnableContentResponseOnWrite = false }, cancellationToken);
        if (response.StatusCode is HttpStatusCode.PreconditionFailed or HttpStatusCode.NotFound)
            return null;
        response.EnsureSuccessStatusCode();
        return batch with { ETag = response.Headers.ETag };
    }

    /// <summary>Batches that are not finished.</summary>
    public Task<IReadOnlyList<BatchDocument>> RunningAsync(CancellationToken cancellationToken) =>
        QueryAsync("SELECT * FROM c WHERE c.kind = 'batch' AND NOT IS_DEFINED(c.finishedAt) ORDER BY c.at", cancellationToken);

    /// <summary>The latest batches first.</summary>
    public Task<IReadOnlyList<BatchDocument>> LatestAsync(int most, CancellationToken cancellationToken) =>
        QueryAsync($"SELECT TOP {most} * FROM c WHERE c.kind = 'batch' ORDER BY c.at DESC", cancellationToken);

    private async Task<IReadOnlyList<BatchDocument>> QueryAsync(string query, CancellationToken cancellationToken) =>
        await database.DeadLetters.QueryAsync(
            new QueryDefinition(query), document => document.Deserialize<BatchDocument>(Json)!, new QueryRequestOptions { PartitionKey = Key },
            cancellationToken);

    private static MemoryStream Write(BatchDocument batch) => new(JsonSerializer.SerializeToUtf8Bytes(batch, Json), writable: false);
}
