using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
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
public sealed class CosmosEventStore(Container container, EventTypeMap types, TimeProvider time)
{
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

    /// <summary>Reads a stream in order; empty when there is none.</summary>
    /// <param name="streamId">The stream.</param>
    /// <param name="fromVersion">First version wanted.</param>
    /// <param name="toVersion">Last version wanted; null for all.</param>
    /// <param name="cancellationToken">Ends the read.</param>
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
        await foreach (var document in container.QueryAsync(query, options, cancellationToken))
            yield return EventDocument.Read(document, types);
    }

    /// <summary>Reads a whole stream into a list.</summary>
    public async Task<IReadOnlyList<RecordedEvent>> ReadStreamAsync(string streamId, CancellationToken cancellationToken = default)
    {
        var events = new List<RecordedEvent>();
        await foreach (var e in ReadAsync(streamId, cancellationToken: cancellationToken))
            events.Add(e);
        return events;
    }

    /// <summary>Reads one event; null when it is not there. One request unit.</summary>
    public async Task<RecordedEvent?> ReadEventAsync(string streamId, long version, CancellationToken cancellationToken = default)
    {
        using var document = await container.FindAsync(EventDocument.IdOf(version), streamId, cancellationToken);
        return document is null ? null : EventDocument.Read(document.RootElement, types);
    }

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
