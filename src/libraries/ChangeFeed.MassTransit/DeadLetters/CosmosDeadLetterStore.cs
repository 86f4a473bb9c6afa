using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ChangeFeed.EventStore.Cosmos;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.MassTransit.DeadLetters;

/// <summary>The dead letters of one endpoint in Cosmos DB: one logical partition, so a letter and the state of its stream are one transaction.</summary>
internal sealed class CosmosDeadLetterStore(Container container, string endpoint) : IDeadLetterStore
{
    private readonly PartitionKey _key = new(endpoint);

    public Task<ParkedStream?> ReadStreamAsync(string stream, CancellationToken cancellationToken) =>
        ReadAsync(DeadLetterId.Stream(stream), DeadLetterJson.Default.ParkedStream, cancellationToken);

    public Task<DeadLetter?> ReadLetterAsync(string stream, long version, CancellationToken cancellationToken) =>
        ReadAsync(DeadLetterId.Letter(stream, version), DeadLetterJson.Default.DeadLetter, cancellationToken);

    public Task<DeadLetterRequest?> ReadRequestAsync(string id, CancellationToken cancellationToken) =>
        ReadAsync(id, DeadLetterJson.Default.DeadLetterRequest, cancellationToken);

    public async Task<AddLetterResult> AddLetterAsync(DeadLetter letter, ParkedStream? stream, CancellationToken cancellationToken)
    {
        var batch = container.CreateTransactionalBatch(_key);
        batch.CreateItemStream(Write(letter));
        if (stream is not null)
            Add(batch, stream);
        using var response = await batch.ExecuteAsync(cancellationToken);
        if (response.IsSuccessStatusCode)
            return AddLetterResult.Added;
        if (response.Count > 0 && response[0].StatusCode == HttpStatusCode.Conflict)
            return AddLetterResult.AlreadyThere;
        if (response.Count > 1 && response[1].StatusCode is HttpStatusCode.Conflict or HttpStatusCode.PreconditionFailed or HttpStatusCode.NotFound)
            return AddLetterResult.StreamChanged;
        throw new CosmosException(response.ErrorMessage, response.StatusCode, 0, response.ActivityId, response.RequestCharge);
    }

    public async Task<bool> TryReplaceAsync(DeadLetter letter, ParkedStream stream, CancellationToken cancellationToken)
    {
        var batch = container.CreateTransactionalBatch(_key);
        Add(batch, letter);
        Add(batch, stream);
        using var response = await batch.ExecuteAsync(cancellationToken);
        if (response.IsSuccessStatusCode)
            return true;
        if (response.Any(result => result.StatusCode is HttpStatusCode.Conflict or HttpStatusCode.PreconditionFailed or HttpStatusCode.NotFound))
            return false;
        throw new CosmosException(response.ErrorMessage, response.StatusCode, 0, response.ActivityId, response.RequestCharge);
    }

    public async Task<bool> TryReplaceAsync(DeadLetterDocument document, CancellationToken cancellationToken)
    {
        using var response = await container.ReplaceItemStreamAsync(
            Write(document), document.Id, _key, new ItemRequestOptions { IfMatchEtag = document.ETag, EnableContentResponseOnWrite = false },
            cancellationToken);
        if (response.StatusCode is HttpStatusCode.PreconditionFailed or HttpStatusCode.NotFound)
            return false;
        response.EnsureSuccessStatusCode();
        return true;
    }

    public Task<IReadOnlyList<DeadLetter>> WaitingAsync(string stream, CancellationToken cancellationToken) =>
        QueryAsync(
            new QueryDefinition("SELECT * FROM c WHERE c.kind = 'letter' AND c.streamId = @stream AND c.status = 'Waiting' ORDER BY c.version")
                .WithParameter("@stream", stream),
            document => Read(document, DeadLetterJson.Default.DeadLetter),
            cancellationToken);

    public Task<IReadOnlyList<string>> ParkedStreamsAsync(CancellationToken cancellationToken) =>
        QueryAsync(
            new QueryDefinition("SELECT VALUE c.streamId FROM c WHERE c.kind = 'stream' AND c.status = 'Parked'"),
            stream => stream.GetString()!,
            cancellationToken);

    public Task<IReadOnlyList<DeadLetterRequest>> OpenRequestsAsync(CancellationToken cancellationToken) =>
        QueryAsync(
            new QueryDefinition("SELECT * FROM c WHERE c.kind = 'request' AND c.status = 'Open'"),
            document => Read(document, DeadLetterJson.Default.DeadLetterRequest),
            cancellationToken);

    internal async Task<IReadOnlyList<T>> QueryAsync<T>(QueryDefinition query, Func<JsonElement, T> read, CancellationToken cancellationToken) =>
        await container.QueryAsync(query, read, new QueryRequestOptions { PartitionKey = _key }, cancellationToken);

    internal async Task<T?> ReadAsync<T>(string id, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class => (await container.FindAsync(id, endpoint, type, cancellationToken))?.Document;

    internal async Task CreateAsync(DeadLetterDocument document, CancellationToken cancellationToken)
    {
        using var response = await container.CreateItemStreamAsync(Write(document), _key, cancellationToken: cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>False when there is a document of that id.</summary>
    internal async Task<bool> TryCreateAsync(DeadLetterDocument document, CancellationToken cancellationToken)
    {
        using var response = await container.CreateItemStreamAsync(Write(document), _key, cancellationToken: cancellationToken);
        if (response.StatusCode == HttpStatusCode.Conflict)
            return false;
        response.EnsureSuccessStatusCode();
        return true;
    }

    private static void Add(TransactionalBatch batch, DeadLetterDocument document)
    {
        if (document.ETag is { } etag)
            batch.ReplaceItemStream(document.Id, Write(document), new TransactionalBatchItemRequestOptions { IfMatchEtag = etag });
        else
            batch.CreateItemStream(Write(document));
    }

    internal static T Read<T>(JsonElement document, JsonTypeInfo<T> type) => document.Deserialize(type)!;

    private static MemoryStream Write(DeadLetterDocument document) =>
        new(JsonSerializer.SerializeToUtf8Bytes(document, document.GetType(), DeadLetterJson.Default), writable: false);
}
