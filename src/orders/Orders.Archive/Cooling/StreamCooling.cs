using System.Text.Json;
using ChangeFeed.DeltaLake;
using ChangeFeed.EventStore;
using ChangeFeed.EventStore.Cold;
using ChangeFeed.EventStore.Cosmos;
using Microsoft.Azure.Cosmos;
using Orders.Contracts;
using Orders.Domain;

namespace Orders.Archive.Cooling;

/// <summary>
/// Takes streams out of the event store that ended long ago, once the archive has each of their events as the store has it. One transaction puts a
/// document in place of the first event and gives the others a life; it is refused where somebody wrote to the stream meanwhile. From then on the
/// stream is read in the archive, and the store lets its documents expire. Can be killed anywhere and run twice at once.
/// </summary>
/// <param name="events">The event store.</param>
/// <param name="deadLetters">Where it stands which streams are parked.</param>
/// <param name="handled">Whether everybody has handled what is to leave.</param>
/// <param name="table">The archive.</param>
/// <param name="types">The vocabulary.</param>
/// <param name="time">The clock.</param>
public sealed class StreamCooling(
    Container events, Container deadLetters, HandledEvents handled, DeltaTable table, EventTypeMap types, TimeProvider time)
{
    private const int Page = 1000; // streams that are looked up in the archive together
    private const int Parallel = 16;

    /// <summary>With one of these an order ends, if with any.</summary>
    private static readonly string[] Endings = [nameof(CustomerNotified), nameof(NoticeDropped), nameof(PersonalDataErased)];

    private readonly ArchivedStreams _archive = new(table, types);

    /// <summary>Takes out what is old enough.</summary>
    /// <param name="options">What that is.</param>
    /// <param name="cancellationToken">Ends it between two streams.</param>
    /// <exception cref="CoolingException">It cannot be done as things are.</exception>
    /// <exception cref="DeltaTableException">The archive cannot be read.</exception>
    /// <exception cref="CosmosException">The store refused, or cannot be reached.</exception>
    public async Task<CoolingResult> RunAsync(CoolingOptions options, CancellationToken cancellationToken)
    {
        var until = time.GetUtcNow() - options.Hot;
        if (await table.FindAsync(cancellationToken) is null)
            throw new CoolingException($"There is no archive at {table.Location}: nothing leaves the store.");
        await handled.EnsureAsync(until, options.Except, cancellationToken);
        var result = new CoolingResult();
        if (!options.IsDryRun)
        {
            await LetExpireAsync(cancellationToken);
            result = await FinishAsync(options, result, cancellationToken);
        }

        foreach (var page in (await CandidatesAsync(until, cancellationToken)).Chunk(Page))
            result = await CoolAsync(page, until, options, result, cancellationToken);
        return result;
    }

    /// <summary>A container without a time to live keeps everything, whatever a document says.</summary>
    private async Task LetExpireAsync(CancellationToken cancellationToken)
    {
        ContainerProperties properties = await events.ReadContainerAsync(cancellationToken: cancellationToken);
        if (properties.DefaultTimeToLive is not null)
            return;
        properties.DefaultTimeToLive = -1;
        try
        {
            await events.ReplaceContainerAsync(properties, cancellationToken: cancellationToken);
        }
        catch (CosmosException e) when (e.StatusCode is System.Net.HttpStatusCode.Forbidden or System.Net.HttpStatusCode.Unauthorized)
        {
            throw new CoolingException(
                $"Container '{events.Id}' has no time to live of documents, and this identity may not change that: switch it on, without a default (-1).");
        }
    }

    private async Task<CoolingResult> FinishAsync(CoolingOptions options, CoolingResult result, CancellationToken cancellationToken)
    {
        var moving = await events.QueryAsync(
            new QueryDefinition($"SELECT VALUE c.streamId FROM c WHERE c.{ColdMark.Property}.moving = true"), id => id.GetString()!,
            cancellationToken: cancellationToken);
        foreach (var id in moving)
        {
            var stream = await HotStream.ReadAsync(events, id, cancellationToken);
            if (stream.Left is { } left && await LeaveAsync(stream, left, stream.Forgotten, null, options, cancellationToken))
                result = result with { Finished = result.Finished + 1 };
        }

        return result;
    }

    // By the store's clock, so that what came back stays for as long again. Those of a day together, as the archive has them.
    private async Task<IReadOnlyList<string>> CandidatesAsync(DateTimeOffset until, CancellationToken cancellationToken)
    {
        var query = new QueryDefinition("SELECT c.streamId, c.ttl, c._ts FROM c WHERE ARRAY_CONTAINS(@endings, c.type) AND c._ts < @until")
            .WithParameter("@endings", Endings).WithParameter("@until", until.ToUnixTimeSeconds());
        var found = await events.QueryAsync(
            query,
            e => (Id: e.GetProperty("streamId"u8).GetString()!, Day: e.GetProperty("_ts"u8).GetInt64() / 86_400, Leaves: e.TryGetProperty("ttl"u8, out _)),
            cancellationToken: cancellationToken);
        return [.. found.Where(e => !e.Leaves).OrderBy(e => e.Day).ThenBy(e => e.Id, StringComparer.Ordinal).Select(e => e.Id).Distinct()];
    }

    private async Task<CoolingResult> CoolAsync(
        string[] ids, DateTimeOffset until, CoolingOptions options, CoolingResult result, CancellationToken cancellationToken)
    {
        var parked = (await deadLetters.QueryAsync(
            new QueryDefinition("SELECT VALUE c.streamId FROM c WHERE c.kind = 'stream' AND c.status = 'Parked' AND ARRAY_CONTAINS(@ids, c.streamId)")
                .WithParameter("@ids", ids),
            id => id.GetString()!,
            cancellationToken: cancellationToken)).ToHashSet(StringComparer.Ordinal);
        var old = new List<(HotStream Stream, IReadOnlyList<RecordedEvent> Events)>();
        foreach (var some in ids.Where(id => !parked.Contains(id)).Chunk(Parallel))
        {
            var streams = await Task.WhenAll(some.Select(id => HotStream.ReadAsync(events, id, cancellationToken)));
            old.AddRange(streams.Select(stream => (stream, OldEvents(stream, until))).Where(s => s.Item2.Count > 0));
        }

        result = result with { Stay = result.Stay + ids.Length - old.Count };
        var snapshot = (await table.FindAsync(cancellationToken))!;
        var hints = old.ToDictionary(s => s.Stream.Id, s => ColdHints.Of(s.Stream.Left?.Hints ?? []).With(s.Events));
        var archived = await _archive.FindAsync(snapshot, hints.ToDictionary(s => s.Key, s => s.Value.Days), cancellationToken);
        foreach (var (stream, hot) in old)
        {
            var there = archived[stream.Id];
            var whole = there.Values.TakeWhile(e => e.Version <= hot[^1].Version).ToList();
            var left = new ColdStream(stream.Id, hot[^1].Version, hints[stream.Id].ToList());
            if (hot.FirstOrDefault(e => !there.TryGetValue(e.Version, out var row) || !IsSame(e, row)) is { } differs)
                result = result.With($"{stream.Id}/{differs.Version} is not in the archive as the store has it; the stream stays.");
            else if (whole.Count != hot[^1].Version + 1)
                result = result.With($"{stream.Id} is not in the archive as a whole; it stays as it is.");
            else if (!HasEnded(whole))
                result = result with { Stay = result.Stay + 1 };
            else if (options.IsDryRun || await LeaveAsync(stream, left, stream.Here, hot[^1].Version + 1, options, cancellationToken))
                result = result with { Streams = result.Streams + 1, Events = result.Events + hot.Count };
            else
                result = result with { Changed = result.Changed + 1 };
        }

        return result;
    }

    /// <summary>The events of a stream that are in the store, if they are all old and can be read.</summary>
    private IReadOnlyList<RecordedEvent> OldEvents(HotStream stream, DateTimeOffset until)
    {
        try
        {
            var hot = stream.Here.Select(document => EventDocument.Read(document, types)).ToList();
            return hot.All(e => e.Meta.At < until) ? hot : [];
        }
        catch (Exception e) when (e is EventDocumentException or UnknownEventException or JsonException)
        {
            return [];
        }
    }

    private bool IsSame(RecordedEvent hot, RecordedEvent row) =>
        EventDocument.Write(ArchiveVerification.Comparable(hot, types), types).AsSpan()
            .SequenceEqual(EventDocument.Write(ArchiveVerification.Comparable(row, types), types));

    private static bool HasEnded(IEnumerable<RecordedEvent> stream) =>
        OrderState.Fold(stream) is { Status: { } status, NoticeRequest: null } order && !status.IsOpen()
            && (order.RefundRequest is null || order.Refund is not null);

    /// <returns>False when somebody wrote to the stream meanwhile.</returns>
    private async Task<bool> LeaveAsync(
        HotStream stream, ColdStream left, IReadOnlyList<JsonElement> leaving, long? guard, CoolingOptions options, CancellationToken cancellationToken)
    {
        var move = new StreamMove(events, stream.Id, stream.ETag);
        var batches = leaving.Where(document => document.GetProperty("id"u8).GetString() != "0").Chunk(StreamMove.MaxDocuments).DefaultIfEmpty([]).ToList();
        foreach (var (i, batch) in batches.Index())
        {
            var written = await move.TryWriteAsync(
                stream.Stub(left, isMoving: i < batches.Count - 1), all => Patch(all, batch, options.Grace), i == 0 ? guard : null, cancellationToken);
            if (!written)
                return false;
        }

        return true;
    }

    private static void Patch(TransactionalBatch batch, JsonElement[] documents, TimeSpan grace)
    {
        foreach (var document in documents)
        {
            batch.PatchItem(
                document.GetProperty("id"u8).GetString()!,
                [
                    PatchOperation.Set("/ttl", Math.Max(1, (int)grace.TotalSeconds)),
                    PatchOperation.Set($"/{ColdMark.Property}", ColdMark.Leaving),
                ],
                new TransactionalBatchPatchItemRequestOptions { EnableContentResponseOnWrite = false, IfMatchEtag = HotStream.ETagOf(document) });
        }
    }
}
