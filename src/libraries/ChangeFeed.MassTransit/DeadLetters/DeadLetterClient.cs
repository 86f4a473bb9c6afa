using System.Text.Json;
using ChangeFeed.EventStore;
using ChangeFeed.MassTransit.DeadLetters;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.MassTransit;

/// <summary>
/// Reads dead letters and asks for their replay or discard, from anywhere: a request is a document, carried out by the instance that
/// owns the stream.
/// </summary>
/// <param name="container">The container of dead letters, partition key <c>/endpoint</c>.</param>
/// <param name="time">The clock that dates requests.</param>
public sealed class DeadLetterClient(Container container, TimeProvider time)
{
    /// <summary>Streams that are parked at an endpoint, the ones parked longest first.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="CosmosException">The store refused, or cannot be reached.</exception>
    public async Task<IReadOnlyList<ParkedStream>> ParkedAsync(string endpoint, CancellationToken cancellationToken = default) =>
        await Store(endpoint).QueryAsync(
            new QueryDefinition("SELECT * FROM c WHERE c.kind = 'stream' AND c.status = 'Parked' ORDER BY c.parkedAt"),
            document => CosmosDeadLetterStore.Read(document, DeadLetterJson.Default.ParkedStream),
            cancellationToken);

    /// <summary>A stream that is or was parked at an endpoint; null when it never was.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="streamId">The stream.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="CosmosException">The store refused, or cannot be reached.</exception>
    public Task<ParkedStream?> StreamAsync(string endpoint, string streamId, CancellationToken cancellationToken = default) =>
        Store(endpoint).ReadStreamAsync(streamId, cancellationToken);

    /// <summary>All letters of a stream, settled ones included, by version.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="streamId">The stream.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="CosmosException">The store refused, or cannot be reached.</exception>
    public async Task<IReadOnlyList<DeadLetter>> LettersAsync(string endpoint, string streamId, CancellationToken cancellationToken = default) =>
        await Store(endpoint).QueryAsync(
            new QueryDefinition("SELECT * FROM c WHERE c.kind = 'letter' AND c.streamId = @stream ORDER BY c.version").WithParameter("@stream", streamId),
            document => CosmosDeadLetterStore.Read(document, DeadLetterJson.Default.DeadLetter),
            cancellationToken);

    /// <summary>What was asked for a stream and what came of it, oldest first.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="streamId">The stream.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="CosmosException">The store refused, or cannot be reached.</exception>
    public async Task<IReadOnlyList<DeadLetterRequest>> RequestsAsync(string endpoint, string streamId, CancellationToken cancellationToken = default) =>
        await Store(endpoint).QueryAsync(
            new QueryDefinition("SELECT * FROM c WHERE c.kind = 'request' AND c.streamId = @stream ORDER BY c.at").WithParameter("@stream", streamId),
            document => CosmosDeadLetterStore.Read(document, DeadLetterJson.Default.DeadLetterRequest),
            cancellationToken);

    /// <summary>A request as it stands now; null when there is none of that id.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="id">Id of the request.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="CosmosException">The store refused, or cannot be reached.</exception>
    public Task<DeadLetterRequest?> RequestAsync(string endpoint, string id, CancellationToken cancellationToken = default) =>
        Store(endpoint).ReadRequestAsync(id, cancellationToken);

    /// <summary>Asks that the waiting events of a stream be handled in order, and the stream then go on.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="streamId">The stream.</param>
    /// <param name="by">Who asks; kept with the request.</param>
    /// <param name="reason">Why; kept with the request.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="CosmosException">The store refused, or cannot be reached.</exception>
    public Task<DeadLetterRequest> ReplayAsync(
        string endpoint, string streamId, string by, string? reason = null, CancellationToken cancellationToken = default) =>
        AskAsync(endpoint, streamId, DeadLetterAction.Replay, null, by, reason, cancellationToken);

    /// <summary>Asks that waiting events be given up: one version, or all; the stream goes on when none is left.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="streamId">The stream.</param>
    /// <param name="by">Who asks; kept with the request.</param>
    /// <param name="reason">Why; kept with the request and the letters.</param>
    /// <param name="version">The one version to give up; null for all that wait.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ArgumentException">The reason is empty.</exception>
    /// <exception cref="CosmosException">The store refused, or cannot be reached.</exception>
    public Task<DeadLetterRequest> DiscardAsync(
        string endpoint, string streamId, string by, string reason, long? version = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        return AskAsync(endpoint, streamId, DeadLetterAction.Discard, version, by, reason, cancellationToken);
    }

    /// <summary>
    /// Keeps other data for an event that waits. A replay hands it to the consumers in place of the stored; the letter keeps the original, and the event in
    /// its stream stays as it is.
    /// </summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="streamId">The stream.</param>
    /// <param name="version">The version that waits.</param>
    /// <param name="data">The data, of the type and schema of the event.</param>
    /// <param name="types">The vocabulary, by which the data must be readable.</param>
    /// <param name="by">Who corrects it; kept.</param>
    /// <param name="reason">Why; kept.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The letter; null when no event of that version waits.</returns>
    /// <exception cref="EventDocumentException">With this data it is no event.</exception>
    /// <exception cref="UnknownEventException">Its type or schema is not known.</exception>
    /// <exception cref="JsonException">The data is none of its type.</exception>
    /// <exception cref="CosmosException">The store refused, or cannot be reached.</exception>
    public async Task<DeadLetter?> CorrectAsync(
        string endpoint, string streamId, long version, JsonElement data, EventTypeMap types, string by, string reason,
        CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(by);
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        while (await Store(endpoint).ReadLetterAsync(streamId, version, cancellationToken) is { Status: DeadLetterStatus.Waiting } letter)
        {
            var corrected = letter with { Corrections = [.. letter.Corrections, new DeadLetterCorrection(data.Clone(), by, reason, time.GetUtcNow())] };
            _ = EventDocument.Read(corrected.Corrected!.Value, types);
            if (await Store(endpoint).TryReplaceAsync(corrected, cancellationToken))
                return corrected;
        }

        return null;
    }

    /// <summary>
    /// The request of a batch for one stream: made now, or as it stands if it was made before. Asking again is how a batch goes on after a
    /// crash, and how it learns what came of it.
    /// </summary>
    /// <param name="batch">Names the batch; with the stream it makes the id of the request.</param>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="streamId">The stream.</param>
    /// <param name="action">What is asked for.</param>
    /// <param name="by">Who asks; kept with the request.</param>
    /// <param name="reason">Why; kept with the request.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="CosmosException">The store refused, or cannot be reached.</exception>
    public async Task<DeadLetterRequest> AskOnceAsync(
        string batch, string endpoint, string streamId, DeadLetterAction action, string by, string? reason, CancellationToken cancellationToken = default)
    {
        var (store, id) = (Store(endpoint), DeadLetterId.Request(batch, streamId));
        if (await store.ReadRequestAsync(id, cancellationToken) is { } asked)
            return asked;
        var request = New(endpoint, streamId, action, by, reason) with { Id = id, Batch = batch };
        return await store.TryCreateAsync(request, cancellationToken)
            ? request
            : await store.ReadRequestAsync(id, cancellationToken) ?? request;
    }

    private async Task<DeadLetterRequest> AskAsync(
        string endpoint, string streamId, DeadLetterAction action, long? version, string by, string? reason, CancellationToken cancellationToken)
    {
        var request = New(endpoint, streamId, action, by, reason) with { Version = version };
        await Store(endpoint).CreateAsync(request, cancellationToken);
        return request;
    }

    private DeadLetterRequest New(string endpoint, string streamId, DeadLetterAction action, string by, string? reason)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(streamId);
        ArgumentException.ThrowIfNullOrWhiteSpace(by);
        return new DeadLetterRequest
        {
            Id = DeadLetterId.Request(),
            Endpoint = endpoint,
            StreamId = streamId,
            Action = action,
            By = by,
            Reason = reason,
            At = time.GetUtcNow(),
        };
    }

    private CosmosDeadLetterStore Store(string endpoint) => new(container, endpoint);
}
