using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using ChangeFeed.EventStore.Cold;
using ChangeFeed.EventStore.Cosmos;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.EventStore;

/// <summary>Who appends, and because of what.</summary>
/// <param name="By">The service or agent; kept in every event.</param>
/// <param name="Cause">The event that led to this append; null for commands from outside.</param>
public sealed record AppendContext(string By, RecordedEvent? Cause = null);

/// <summary>
/// Streams of immutable events in one Cosmos DB container, partition key <c>/streamId</c>. Optimistic concurrency is the store's own:
/// the id of an event is its version, so the second writer of a version gets a conflict.
/// </summary>
/// <param name="container">The container of the events, partition key <c>/streamId</c>.</param>
/// <param name="types">The vocabulary: what is appended and read.</param>
/// <param name="time">The clock that dates the events.</param>
/// <param name="cold">Where streams are read that have left the container; null where none has.</param>
public sealed class CosmosEventStore(Container container, EventTypeMap types, TimeProvider time, IColdStreams? cold)
{
    /// <summary>Streams that are all in the container.</summary>
    /// <param name="container">The container of the events, partition key <c>/streamId</c>.</param>
    /// <param name="types">The vocabulary: what is appended and read.</param>
    /// <param name="time">The clock that dates the events.</param>
    public CosmosEventStore(Container container, EventTypeMap types, TimeProvider time)
        : this(container, types, time, null)
    {
    }

    /// <summary>Expected version of a stream that does not exist yet.</summary>
    public const long NoStream = -1;

    /// <summary>Most events one append takes: a transactional batch holds no more.</summary>
    public const int MaxEventsPerAppend = 100;

    private static readonly ItemRequestOptions NoContent = new() { EnableContentResponseOnWrite = false };

    /// <summary>Appends events to a stream, all or none, directly after <paramref name="expectedVersion"/>.</summary>
    /// <param name="streamId">The stream.</param>
    /// <param name="expectedVersion">Version of its last event as the caller read it, or <see cref="NoStream"/>.</param>
    /// <param name="events">1 to <see cref="MaxEventsPerAppend"/> registered events.</param>
    /// <param name="context">Who appends, and why.</param>
    /// <param name="cancellationToken">Ends the wait; the append may still have happened, and trying again finds out.</param>
    /// <exception cref="WrongExpectedVersionException">Another writer was there first; nothing was written.</exception>
    /// <exception cref="CosmosException">The store refused for another reason, or cannot be reached.</exception>
    public async Task<IReadOnlyList<RecordedEvent>> AppendAsync(
        string streamId, long expectedVersion, IReadOnlyList<object> events, AppendContext context, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(streamId);
        ArgumentOutOfRangeException.ThrowIfLessThan(expectedVersion, NoStream);
        ArgumentOutOfRangeException.ThrowIfZero(events.Count, nameof(events));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(events.Count, MaxEventsPerAppend, nameof(events));

        using var activity = EventStoreTelemetry.StartAppend(types.Describe(events[0]).Name);
        var recorded = Record(streamId, expectedVersion, events, context);
        EventStoreTelemetry.Describe(activity, container, recorded);

        var status = await WriteAsync(streamId, recorded, cancellationToken);
        if (status == HttpStatusCode.Conflict && (context.Cause is not null || !await IsOursAsync(recorded[0], cancellationToken)))
        {
            EventStoreTelemetry.Refused(activity, recorded[0].Type);
            throw new WrongExpectedVersionException(streamId, expectedVersion);
        }

        EventStoreTelemetry.Done(recorded);
        return recorded;
    }

    /// <summary>Reads a stream in order, wherever it is; empty when there is none.</summary>
    /// <param name="streamId">The stream.</param>
    /// <param name="fromVersion">First version wanted.</param>
    /// <param name="toVersion">Last version wanted; null for all.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    /// <exception cref="ColdStreamException">The stream has left the container, and cannot be read where it is.</exception>
    public async IAsyncEnumerable<RecordedEvent> ReadAsync(
        string streamId, long fromVersion = 0, long? toVersion = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var query = new QueryDefinition("SELECT * FROM c WHERE c.version >= @from AND c.version <= @to ORDER BY c.version")
            .WithParameter("@from", fromVersion)
            .WithParameter("@to", toVersion ?? long.MaxValue >> 10); // the largest whole number a JSON double holds exactly
        var options = new QueryRequestOptions
        {
            PartitionKey = new PartitionKey(streamId),
            // Without it the SDK asks the server for a query plan first: twice the round trips for one small partition.
            EnableOptimisticDirectExecution = true,
        };
        var (isFirst, left) = (true, NoStream);
        await foreach (var document in container.QueryAsync(query, options, cancellationToken))
        {
            var version = EventDocument.ReadHeader(document).Version;
            if (isFirst && (version > fromVersion || ColdMark.IsOn(document)))
            {
                // What is wanted first is not here, or not for long.
                var stream = ColdMark.ReadStub(document) ?? await FindColdAsync(streamId, cancellationToken);
                left = stream?.LastVersion ?? NoStream;
                foreach (var e in await ReadColdAsync(stream, fromVersion, toVersion, cancellationToken))
                    yield return e;
            }

            isFirst = false;
            if (version > left)
                yield return EventDocument.Read(document, types);
        }

        if (isFirst && fromVersion > 0)
            foreach (var e in await ReadColdAsync(await FindColdAsync(streamId, cancellationToken), fromVersion, toVersion, cancellationToken))
                yield return e;
    }

    /// <summary>Whether a stream, or the beginning of one, has left the container; null when not. One request unit.</summary>
    /// <param name="streamId">The stream.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    /// <exception cref="CosmosException">The store refused, or cannot be reached.</exception>
    public async Task<ColdStream?> FindColdAsync(string streamId, CancellationToken cancellationToken = default)
    {
        using var document = await container.FindAsync(EventDocument.IdOf(0), streamId, cancellationToken);
        return document is null ? null : ColdMark.ReadStub(document.RootElement);
    }

    /// <summary>Reads what has left of some streams, for readers of many.</summary>
    /// <param name="streams">The streams, as the documents in place of their first events say.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    /// <exception cref="ColdStreamException">One cannot be read where it is.</exception>
    public Task<IReadOnlyDictionary<string, IReadOnlyList<RecordedEvent>>> ReadColdAsync(
        IReadOnlyList<ColdStream> streams, CancellationToken cancellationToken = default) =>
        cold?.ReadAsync(streams, cancellationToken)
            ?? throw new ColdStreamException($"Stream {streams[0].StreamId} has left container '{container.Id}', and where to is not configured here.");

    /// <summary>Reads a whole stream into a list.</summary>
    /// <param name="streamId">The stream.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    /// <exception cref="EventDocumentException">A document of the stream is no event.</exception>
    /// <exception cref="UnknownEventException">This build does not know the type or schema of one of the events.</exception>
    /// <exception cref="CosmosException">The store refused, or cannot be reached.</exception>
    public Task<IReadOnlyList<RecordedEvent>> ReadStreamAsync(string streamId, CancellationToken cancellationToken = default) =>
        ListAsync(ReadAsync(streamId, cancellationToken: cancellationToken), cancellationToken);

    /// <summary>Reads one event, wherever it is; null when it is not there. One request unit, or two where the container does not have it.</summary>
    /// <param name="streamId">The stream.</param>
    /// <param name="version">Its version in the stream, from 0.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    /// <exception cref="EventDocumentException">The document is no event.</exception>
    /// <exception cref="UnknownEventException">This build does not know its type or schema.</exception>
    /// <exception cref="ColdStreamException">The stream has left the container, and cannot be read where it is.</exception>
    /// <exception cref="CosmosException">The store refused, or cannot be reached.</exception>
    public async Task<RecordedEvent?> ReadEventAsync(string streamId, long version, CancellationToken cancellationToken = default)
    {
        using var document = await container.FindAsync(EventDocument.IdOf(version), streamId, cancellationToken);
        if (document is not null && ColdMark.ReadStub(document.RootElement) is null)
            return EventDocument.Read(document.RootElement, types);
        var left = document is not null ? ColdMark.ReadStub(document.RootElement) : version > 0 ? await FindColdAsync(streamId, cancellationToken) : null;
        return (await ReadColdAsync(left, version, version, cancellationToken)).FirstOrDefault();
    }

    /// <summary>
    /// Reads one event that has not left the container; null when it is not there. For who has seen the events before it, and looks whether there is
    /// one more: what left was handled long ago. One request unit.
    /// </summary>
    /// <param name="streamId">The stream.</param>
    /// <param name="version">Its version in the stream, from 0.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    /// <exception cref="EventDocumentException">The document is no event.</exception>
    /// <exception cref="UnknownEventException">This build does not know its type or schema.</exception>
    /// <exception cref="CosmosException">The store refused, or cannot be reached.</exception>
    public async Task<RecordedEvent?> ReadHotEventAsync(string streamId, long version, CancellationToken cancellationToken = default)
    {
        using var document = await container.FindAsync(EventDocument.IdOf(version), streamId, cancellationToken);
        return document is null || ColdMark.ReadStub(document.RootElement) is not null ? null : EventDocument.Read(document.RootElement, types);
    }

    /// <summary>
    /// Reads a stream from a version on, some events at a time, by their ids: what it costs does not depend on how many come before, whatever serves the
    /// query.
    /// </summary>
    /// <param name="streamId">The stream.</param>
    /// <param name="fromVersion">First version wanted.</param>
    /// <param name="window">How many events are asked for at a time.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    internal async Task<IReadOnlyList<RecordedEvent>> ReadTailAsync(string streamId, long fromVersion, int window, CancellationToken cancellationToken)
    {
        var (tail, asked) = (new List<RecordedEvent>(), 0);
        var options = new QueryRequestOptions { PartitionKey = new PartitionKey(streamId), EnableOptimisticDirectExecution = true };
        while (tail.Count == asked)
        {
            var ids = string.Join(',', Enumerable.Range(0, window).Select(i => $"'{EventDocument.IdOf(fromVersion + asked + i)}'"));
            asked += window;
            await foreach (var document in container.QueryAsync(new QueryDefinition($"SELECT * FROM c WHERE c.id IN ({ids})"), options, cancellationToken))
            {
                if (ColdMark.IsOn(document))
                    return await ListAsync(ReadAsync(streamId, fromVersion, null, cancellationToken), cancellationToken);
                tail.Add(EventDocument.Read(document, types));
            }
        }

        tail.Sort((one, other) => one.Version.CompareTo(other.Version));
        return tail;
    }

    internal static async Task<IReadOnlyList<RecordedEvent>> ListAsync(IAsyncEnumerable<RecordedEvent> events, CancellationToken cancellationToken)
    {
        var list = new List<RecordedEvent>();
        await foreach (var e in events.WithCancellation(cancellationToken))
            list.Add(e);
        return list;
    }

    /// <summary>What left of a part of a stream; nothing of one that has not left.</summary>
    private async Task<IEnumerable<RecordedEvent>> ReadColdAsync(ColdStream? stream, long fromVersion, long? toVersion, CancellationToken cancellationToken) =>
        stream is null || stream.LastVersion < fromVersion
            ? []
            : (await ReadColdAsync([stream], cancellationToken))[stream.StreamId].Where(e => e.Version >= fromVersion && !(e.Version > toVersion));

    private List<RecordedEvent> Record(string streamId, long expectedVersion, IReadOnlyList<object> events, AppendContext context)
    {
        var now = time.GetUtcNow();
        var correlation = context.Cause?.Meta.CorrelationId ?? streamId;
        return events.Select((data, ordinal) =>
        {
            var (name, schema) = types.Describe(data);
            var eventId = context.Cause is { } cause
                ? DeterministicGuid.Create(cause.Meta.EventId, $"{context.By}/{ordinal.ToString(CultureInfo.InvariantCulture)}")
                : Guid.CreateVersion7(now);
            var meta = new EventMeta(eventId, now, context.By, correlation, context.Cause?.Meta.EventId, Activity.Current?.Id, ServiceInstance.Name);
            return new RecordedEvent(streamId, expectedVersion + 1 + ordinal, name, schema, data, meta);
        }).ToList();
    }

    private async Task<HttpStatusCode> WriteAsync(string streamId, List<RecordedEvent> events, CancellationToken cancellationToken)
    {
        var key = new PartitionKey(streamId);
        if (events.Count == 1)
        {
            using var body = new MemoryStream(EventDocument.Write(events[0], types), writable: false);
            using var response = await container.CreateItemStreamAsync(body, key, NoContent, cancellationToken);
            if (response.StatusCode != HttpStatusCode.Conflict)
                response.EnsureSuccessStatusCode();
            return response.StatusCode;
        }

        var batch = container.CreateTransactionalBatch(key);
        foreach (var e in events)
            batch.CreateItemStream(new MemoryStream(EventDocument.Write(e, types), writable: false), new() { EnableContentResponseOnWrite = false });
        using var result = await batch.ExecuteAsync(cancellationToken);
        return result.IsSuccessStatusCode || result.StatusCode == HttpStatusCode.Conflict
            ? result.StatusCode
            : throw new CosmosException(result.ErrorMessage, result.StatusCode, 0, result.ActivityId, result.RequestCharge);
    }

    /// <summary>
    /// A conflict may be our own write: acknowledged by the store, but the answer lost, and sent again by the SDK. The event id tells.
    /// Not so for reactions, whose ids are the same at every delivery: they look for what they did before among the events.
    /// </summary>
    private async Task<bool> IsOursAsync(RecordedEvent first, CancellationToken cancellationToken) =>
        await ReadEventAsync(first.StreamId, first.Version, cancellationToken) is { } there && there.Meta.EventId == first.Meta.EventId;
}
