using System.Text.Json;
using ChangeFeed.EventStore.Cosmos;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.EventStore.Snapshots;

/// <summary>
/// States of long streams, so that nobody has to read such a stream from its beginning. A snapshot is a help and nothing more: one that is missing,
/// of another schema, or of an event that the stream does not have is passed over, and made anew by whoever reads the stream.
/// </summary>
/// <typeparam name="TState">The state.</typeparam>
/// <param name="container">The container of the snapshots, partition key <c>/streamId</c>; its default time to live says when an unused one goes.</param>
/// <param name="form">What they are of.</param>
public sealed class StreamSnapshots<TState>(Container container, SnapshotForm<TState> form)
{
    /// <summary>Path of the partition key of the container.</summary>
    public const string PartitionKeyPath = "/streamId";

    /// <summary>What they are of.</summary>
    public SnapshotForm<TState> Form => form;

    /// <summary>
    /// Reads a state: the snapshot and what came since, or the whole stream where there is no snapshot. Takes a snapshot where one is due.
    /// </summary>
    /// <param name="store">The streams.</param>
    /// <param name="cause">An event of the stream: those that came after it are returned.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    /// <returns>The state, the version it was read at, and at least every event after the cause.</returns>
    /// <exception cref="CosmosException">The store refused, or cannot be reached.</exception>
    internal async Task<(TState State, long Version, IReadOnlyList<RecordedEvent> Events)> ReadAsync(
        CosmosEventStore store, RecordedEvent cause, CancellationToken cancellationToken)
    {
        if (cause.Version < form.Interval || await FindAsync(cause.StreamId, cancellationToken) is not { } snapshot)
            return await ReadWholeAsync(store, cause.StreamId, cancellationToken);

        // From the event of the snapshot on: a store that was set back to an earlier time does not have it, or has another.
        var tail = await store.ReadTailAsync(cause.StreamId, snapshot.Version, form.Interval, cancellationToken);
        if (tail.Count == 0 || tail[0].Meta.EventId != snapshot.EventId)
            return await ReadWholeAsync(store, cause.StreamId, cancellationToken);
        var state = form.After(snapshot.State, tail.Skip(1));
        await SaveIfDueAsync(state, tail[^1], snapshot.Version, cancellationToken);
        if (snapshot.Version <= cause.Version)
            return (state, tail[^1].Version, tail);

        // The cause comes late, or again: what it led to may be in the snapshot.
        var before = store.ReadAsync(cause.StreamId, cause.Version + 1, snapshot.Version - 1, cancellationToken);
        return (state, tail[^1].Version, [.. await CosmosEventStore.ListAsync(before, cancellationToken), .. tail]);
    }

    private async Task<(TState State, long Version, IReadOnlyList<RecordedEvent> Events)> ReadWholeAsync(
        CosmosEventStore store, string streamId, CancellationToken cancellationToken)
    {
        var stream = await store.ReadStreamAsync(streamId, cancellationToken);
        var state = form.After(form.Initial, stream);
        if (stream.Count > 0)
            await SaveIfDueAsync(state, stream[^1], CosmosEventStore.NoStream, cancellationToken);
        return (state, stream.Count == 0 ? CosmosEventStore.NoStream : stream[^1].Version, stream);
    }

    private async Task<(TState State, long Version, Guid EventId)?> FindAsync(string streamId, CancellationToken cancellationToken)
    {
        using var document = await container.FindAsync(form.Name, streamId, cancellationToken);
        if (document is null)
            return null;
        try
        {
            var root = document.RootElement;
            return root.GetProperty("schema"u8).GetInt32() == form.Schema && root.GetProperty("state"u8).Deserialize(form.Json) is { } state
                ? (state, root.GetProperty("version"u8).GetInt64(), root.GetProperty("eventId"u8).GetGuid())
                : null;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null; // not ours, or damaged: it is made anew
        }
    }

    private async Task SaveIfDueAsync(TState state, RecordedEvent last, long before, CancellationToken cancellationToken)
    {
        if (last.Version - before < form.Interval)
            return;
        using var body = new MemoryStream(Write(state, last), writable: false);
        // An older one over a newer one does no harm, so it is written whatever is there.
        using var response = await container.UpsertItemStreamAsync(
            body, new PartitionKey(last.StreamId), new ItemRequestOptions { EnableContentResponseOnWrite = false }, cancellationToken);
        EventStoreTelemetry.SnapshotTaken(form.Name, response.IsSuccessStatusCode); // where it is refused, the next reader takes it
    }

    private byte[] Write(TState state, RecordedEvent last)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("id"u8, form.Name);
            json.WriteString("streamId"u8, last.StreamId);
            json.WriteNumber("schema"u8, form.Schema);
            json.WriteNumber("version"u8, last.Version);
            json.WriteString("eventId"u8, last.Meta.EventId);
            json.WritePropertyName("state"u8);
            JsonSerializer.Serialize(json, state, form.Json);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
