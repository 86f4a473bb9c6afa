using System.Globalization;
using System.Text.Json;
using ChangeFeed.EventStore.Cold;

namespace ChangeFeed.EventStore;

/// <summary>The place of an event and the name of its type, readable without binding its data.</summary>
/// <param name="StreamId">The stream.</param>
/// <param name="Version">Position in the stream, from 0.</param>
/// <param name="Type">Stored name of the type of the event.</param>
/// <param name="Schema">Schema version of the data, from 1.</param>
public readonly record struct EventHeader(string StreamId, long Version, string Type, int Schema);

/// <summary>A document in the event container that is not an event.</summary>
/// <param name="message">Which part of the envelope is wrong.</param>
public sealed class EventDocumentException(string message) : Exception(message);

/// <summary>
/// The stored form of an event, one immutable document each:
/// <c>{ id, streamId, version, type, schema, data, meta }</c>. <c>id</c> is the version, so that the store itself refuses a second
/// event at the same place of a stream.
/// </summary>
public static class EventDocument
{
    /// <summary>Path of the partition key of the event container.</summary>
    public const string PartitionKeyPath = "/streamId";

    internal static string IdOf(long version) => version.ToString(CultureInfo.InvariantCulture);

    /// <summary>Writes one event as UTF-8 JSON.</summary>
    /// <param name="e">The event.</param>
    /// <param name="types">The vocabulary it belongs to.</param>
    public static byte[] Write(RecordedEvent e, EventTypeMap types)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>(768);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("id"u8, IdOf(e.Version));
            json.WriteString("streamId"u8, e.StreamId);
            json.WriteNumber("version"u8, e.Version);
            json.WriteString("type"u8, e.Type);
            json.WriteNumber("schema"u8, e.Schema);
            json.WritePropertyName("data"u8);
            types.Write(json, e.Data);
            json.WriteStartObject("meta"u8);
            json.WriteString("eventId"u8, e.Meta.EventId);
            json.WriteString("at"u8, e.Meta.At.UtcDateTime);
            json.WriteString("by"u8, e.Meta.By);
            json.WriteString("correlationId"u8, e.Meta.CorrelationId);
            if (e.Meta.CausationId is { } cause) json.WriteString("causationId"u8, cause);
            if (e.Meta.TraceParent is { } trace) json.WriteString("traceparent"u8, trace);
            if (e.Meta.Instance is { } instance) json.WriteString("instance"u8, instance);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads where a document belongs and what it says it is.</summary>
    /// <param name="document">The stored document.</param>
    /// <exception cref="EventDocumentException">A part of the envelope is missing or of the wrong kind; the message names it.</exception>
    public static EventHeader ReadHeader(JsonElement document)
    {
        if (document.ValueKind != JsonValueKind.Object)
            throw new EventDocumentException($"An event must be a JSON object, this is {document.ValueKind}.");
        return new EventHeader(
            Text(document, "streamId"),
            Number(document, "version", 0),
            Text(document, "type"),
            checked((int)Number(document, "schema", 1)));
    }

    /// <summary>Reads the trace an event belongs to, as W3C traceparent; null where the document tells none.</summary>
    /// <param name="document">The stored document, or anything else.</param>
    public static string? ReadTraceParent(JsonElement document) =>
        document.ValueKind == JsonValueKind.Object && document.TryGetProperty("meta"u8, out var meta) && meta.ValueKind == JsonValueKind.Object
            ? OptionalText(meta, "traceparent")
            : null;

    /// <summary>Reads a whole event, its data upcast to the current schema.</summary>
    /// <param name="document">The stored document.</param>
    /// <param name="types">The vocabulary it belongs to.</param>
    /// <exception cref="EventDocumentException">A part of the envelope is missing or of the wrong kind; the message names it.</exception>
    /// <exception cref="UnknownEventException">The type or its schema version is not known to this build.</exception>
    /// <exception cref="JsonException">The data does not fit the type.</exception>
    public static RecordedEvent Read(JsonElement document, EventTypeMap types)
    {
        var header = ReadHeader(document);
        if (ColdMark.ReadStub(document) is { } left)
            throw new EventDocumentException($"The event has left the container, with those up to version {left.LastVersion}.");
        if (!document.TryGetProperty("data"u8, out var data))
            throw new EventDocumentException("The event has no 'data'.");
        if (!document.TryGetProperty("meta"u8, out var meta) || meta.ValueKind != JsonValueKind.Object)
            throw new EventDocumentException("The event has no object 'meta'.");
        var origin = ReadMeta(meta);
        return new RecordedEvent(
            header.StreamId, header.Version, header.Type, header.Schema, types.Read(header.Type, header.Schema, data), origin);
    }

    private static EventMeta ReadMeta(JsonElement meta)
    {
        if (!meta.TryGetProperty("eventId"u8, out var id) || id.ValueKind != JsonValueKind.String || !id.TryGetGuid(out var eventId))
            throw new EventDocumentException("The event's 'meta.eventId' is not a UUID.");
        if (!meta.TryGetProperty("at"u8, out var time) || time.ValueKind != JsonValueKind.String || !time.TryGetDateTimeOffset(out var at))
            throw new EventDocumentException("The event's 'meta.at' is not an ISO 8601 time.");
        Guid? cause = null;
        if (meta.TryGetProperty("causationId"u8, out var causation) && causation.ValueKind != JsonValueKind.Null)
            cause = causation.ValueKind == JsonValueKind.String && causation.TryGetGuid(out var causedBy)
                ? causedBy
                : throw new EventDocumentException("The event's 'meta.causationId' is not a UUID.");
        return new EventMeta(
            eventId, at, Text(meta, "by"), Text(meta, "correlationId"), cause, OptionalText(meta, "traceparent"), OptionalText(meta, "instance"));
    }

    private static string Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text
            ? text
            : throw new EventDocumentException($"The event's '{name}' is not a text.");

    private static string? OptionalText(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static long Number(JsonElement element, string name, long least) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number)
            && number >= least && (name != "schema" || number <= int.MaxValue)
            ? number
            : throw new EventDocumentException($"The event's '{name}' is not a whole number of at least {least}.");
}
