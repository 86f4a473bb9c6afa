using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using ChangeFeed.EventStore;
using Orders.Domain;
using Orders.IntegrationEvents;

namespace Orders.Outward;

/// <summary>
/// An integration event on its way out, with the attributes of its CloudEvent. The same event gives the same announcement, whoever makes it.
/// </summary>
public sealed record Announcement
{
    /// <summary>Who tells it.</summary>
    public const string Origin = "/order-pipeline/orders";

    /// <summary>The order and the version of the event: the same however often it is told, so that who has seen it can drop it.</summary>
    public required string Id { get; init; }

    /// <summary>Always <see cref="Origin"/>.</summary>
    public required string Source { get; init; }

    /// <summary>See <see cref="IntegrationEventType.CloudEventType"/>.</summary>
    public required string Type { get; init; }

    /// <summary>The order.</summary>
    public required string Subject { get; init; }

    /// <summary>When it happened, UTC.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>See <see cref="IntegrationEventType.Schema"/>.</summary>
    public required Uri DataSchema { get; init; }

    /// <summary>The version of the event in ten digits: later ones of an order sort behind. There are gaps, for what others are not told.</summary>
    public required string Sequence { get; init; }

    /// <summary>The W3C trace it happened in.</summary>
    public string? TraceParent { get; init; }

    /// <summary>What happened.</summary>
    public required JsonElement Data { get; init; }

    /// <summary>The announcement of an event; null where others are not told of it.</summary>
    /// <param name="before">Where the order stood before the event; null before its first.</param>
    /// <param name="e">The event.</param>
    public static Announcement? Of(OrderStatus? before, RecordedEvent e)
    {
        if (IntegrationEventsOf.Event(before, e) is not { } told)
            return null;
        var type = IntegrationEventTypes.Of(told);
        return new Announcement
        {
            Id = string.Create(CultureInfo.InvariantCulture, $"{e.StreamId}/{e.Version}"),
            Source = Origin,
            Type = type.CloudEventType,
            Subject = e.StreamId,
            Time = e.Meta.At,
            DataSchema = type.Schema,
            Sequence = e.Version.ToString("D10", CultureInfo.InvariantCulture),
            TraceParent = e.Meta.TraceParent,
            Data = JsonSerializer.SerializeToElement(told, type.Json),
        };
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(OutwardOrder))]
internal sealed partial class OutwardJson : JsonSerializerContext;
