using System.Text.Json.Serialization;
using Orders.Domain;

namespace Orders.SearchIndex;

/// <summary>What an order can be found by. Nothing in it is sealed in the events: no name, no address, no mail address.</summary>
public sealed record OrderEntry
{
    /// <summary>The order.</summary>
    public required string Id { get; init; }

    /// <summary>Version of the last event that is in here.</summary>
    public required long Version { get; init; }

    /// <summary>The customer, by the id they have here.</summary>
    public required string CustomerId { get; init; }

    /// <summary>Where it stands.</summary>
    public required OrderStatus Status { get; init; }

    /// <summary>Where it goes, ISO 3166-1 alpha-2.</summary>
    public required string Country { get; init; }

    /// <summary>When it was placed, UTC.</summary>
    public required DateTimeOffset PlacedAt { get; init; }

    /// <summary>The number of its shipment.</summary>
    public string? Tracking { get; init; }

    /// <summary>Articles by sku and name, the carrier, and reasons: what is looked for word by word.</summary>
    public required IReadOnlyList<string> Texts { get; init; }

    /// <summary>Whether the customer was erased: it is found by nothing any more.</summary>
    public bool IsErased { get; init; }

    /// <summary>The month it was placed in, such as <c>2026-11</c>.</summary>
    [JsonIgnore]
    public string Month => PlacedAt.UtcDateTime.ToString("yyyy-MM", System.Globalization.CultureInfo.InvariantCulture);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(OrderEntry))]
internal sealed partial class SearchIndexJson : JsonSerializerContext;
