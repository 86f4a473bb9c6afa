using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;
using ChangeFeed.EventStore;
using Orders.Contracts;

namespace Orders.CustomerCare.Events;

/// <summary>An event as it is stored, not as this build understands it: a document that nobody can read is what agents need to see most.</summary>
public sealed record StoredEvent
{
    [Description("Id of the document: the version as text.")]
    public required string Id { get; init; }

    [Description("Place in the order's stream, from 0 without gaps.")]
    public required long Version { get; init; }

    [Description("What happened.")]
    public string? Type { get; init; }

    [Description("Version of the shape of `data`.")]
    public int? Schema { get; init; }

    [Description("The event itself; its shape depends on `type` and `schema`.")]
    public JsonElement? Data { get; init; }

    [Description(
        "Where the event came from: `eventId`, `at` (UTC), `by` (the service or agent), `correlationId`, `causationId` (the event that caused it), `traceparent`, `instance` (of the service that appended it).")]
    public JsonElement? Meta { get; init; }

    [Description("True where it is in the archive, and not in the event store any more.")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Archived { get; private init; }

    /// <summary>The event as this build understands it; null when it does not.</summary>
    [JsonIgnore]
    public RecordedEvent? Understood { get; private init; }

    /// <summary>Why it is not understood.</summary>
    [JsonIgnore]
    public string? Problem { get; private init; }

    public static StoredEvent From(JsonElement document, bool archived = false)
    {
        var (understood, problem) = Understand(document);
        return new StoredEvent
        {
            Id = document.GetProperty("id"u8).GetString()!,
            Version = document.GetProperty("version"u8).GetInt64(),
            Type = document.TryGetProperty("type"u8, out var type) && type.ValueKind == JsonValueKind.String ? type.GetString() : null,
            Schema = document.TryGetProperty("schema"u8, out var schema) && schema.ValueKind == JsonValueKind.Number && schema.TryGetInt32(out var s)
                ? s : null,
            Data = document.TryGetProperty("data"u8, out var data) ? data.Clone() : null,
            Meta = document.TryGetProperty("meta"u8, out var meta) ? meta.Clone() : null,
            Archived = archived,
            Understood = understood,
            Problem = problem,
        };
    }

    private static (RecordedEvent? Event, string? Problem) Understand(JsonElement document)
    {
        try
        {
            return (EventDocument.Read(document, OrderEvents.Map), null);
        }
        catch (Exception e) when (e is EventDocumentException or UnknownEventException or JsonException)
        {
            return (null, e.Message);
        }
    }
}
