using System.Text.Json.Serialization;

namespace ChangeFeed.MassTransit;

/// <summary>The command in force for an endpoint, pause or resume, in the container of controls: one document per endpoint, id and partition key its
/// name.</summary>
public sealed record EndpointControl
{
    /// <summary>The endpoint.</summary>
    public required string Id { get; init; }

    /// <summary>The endpoint: the partition key.</summary>
    public required string Endpoint { get; init; }

    /// <summary>True: handle nothing new until resumed. Leases are kept.</summary>
    public bool Paused { get; init; }

    /// <summary>Who gave the command.</summary>
    public required string By { get; init; }

    /// <summary>Why.</summary>
    public string? Reason { get; init; }

    /// <summary>When it was given, UTC.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The commands before it, newest first, at most 50.</summary>
    public IReadOnlyList<EndpointControlChange> History { get; init; } = [];

    /// <summary>Version of the document as the store has it.</summary>
    [JsonPropertyName("_etag")]
    public string? ETag { get; init; }
}

/// <summary>A former command.</summary>
/// <param name="Paused">Whether it paused the endpoint.</param>
/// <param name="By">Who gave it.</param>
/// <param name="Reason">Why; null where none was told.</param>
/// <param name="At">When, UTC.</param>
public sealed record EndpointControlChange(bool Paused, string By, string? Reason, DateTimeOffset At);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(EndpointControl))]
internal sealed partial class ControlJson : JsonSerializerContext;
