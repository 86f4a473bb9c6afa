using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using ChangeFeed.EventStore;

namespace ChangeFeed.Timers;

/// <summary>A timer that waits: one document, in the partition of its stream. It stays until it has fired.</summary>
/// <remarks>Times are whole seconds since 1970 by the clock of the store: no clock of a service decides when a timer is due.</remarks>
internal sealed record TimerDocument
{
    public required string Id { get; init; }

    public required string StreamId { get; init; }

    public required string Name { get; init; }

    /// <summary>The event the timer was made for.</summary>
    public required long CauseVersion { get; init; }

    /// <inheritdoc cref="CauseVersion"/>
    public required Guid CauseId { get; init; }

    /// <summary>When it is due.</summary>
    public required long Due { get; init; }

    /// <summary>When it is looked at next: when it is due, or later where it failed.</summary>
    public required long Next { get; init; }

    /// <summary>Stored name of the type of the event that is due.</summary>
    public required string Type { get; init; }

    public required int Schema { get; init; }

    public required JsonElement Data { get; init; }

    /// <summary>Why it did not fire when it was due.</summary>
    public string? Error { get; init; }

    public static string IdOf(string name, long causeVersion) => string.Create(CultureInfo.InvariantCulture, $"{name}@{causeVersion}");

    public static TimerDocument Of(RecordedEvent cause, Schedule schedule, long due, EventTypeMap types)
    {
        var (type, schema) = types.Describe(schedule.Event);
        using var body = new MemoryStream();
        using (var writer = new Utf8JsonWriter(body))
            types.Write(writer, schedule.Event);
        using var data = JsonDocument.Parse(body.ToArray());
        return new TimerDocument
        {
            Id = IdOf(schedule.Timer, cause.Version),
            StreamId = cause.StreamId,
            Name = schedule.Timer,
            CauseVersion = cause.Version,
            CauseId = cause.Meta.EventId,
            Due = due,
            Next = due,
            Type = type,
            Schema = schema,
            Data = data.RootElement.Clone(),
        };
    }
}

/// <summary>What runs out: the store deletes it when its time is over, and tells so in its feed of all versions and deletes.</summary>
internal sealed record ExpiringDocument(string Id, string StreamId, int Ttl);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(TimerDocument))]
[JsonSerializable(typeof(ExpiringDocument))]
internal sealed partial class TimerJson : JsonSerializerContext;
