using System.Text.Json.Serialization;

namespace ChangeFeed.MassTransit;

/// <summary>
/// How one instance of an endpoint stands, as it says itself: what its leases do not tell. A document of the container of controls,
/// written when something changed and now and then; it is gone a while after the last one.
/// </summary>
public sealed record EndpointHeartbeat
{
    internal const string KindName = "heartbeat";

    /// <summary>Age at which an instance that said nothing more is not there any more.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(150);

    /// <summary>Made by the instance when it started.</summary>
    public required string Id { get; init; }

    /// <summary>The endpoint: the partition key.</summary>
    public required string Endpoint { get; init; }

    /// <summary>What tells it from the orders in the same container.</summary>
    public string Kind { get; } = KindName;

    /// <summary>Machine and process.</summary>
    public required string Instance { get; init; }

    /// <summary>When it said so, UTC, by its clock.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The leases it works on.</summary>
    public required IReadOnlyList<string> Partitions { get; init; }

    /// <summary>Events read and not finished.</summary>
    public int InFlight { get; init; }

    /// <summary>When the oldest of them was written, UTC; null when there is none.</summary>
    public DateTimeOffset? Oldest { get; init; }

    /// <summary>Events handled since it started.</summary>
    public long Handled { get; init; }

    /// <summary>Events handled in a second, since the look before. An endpoint that has become idle does not say so: look at <see cref="At"/>.</summary>
    public double Rate { get; init; }

    /// <summary>Whether it follows an order to pause.</summary>
    public bool Paused { get; init; }

    /// <summary>Why its kill switch has tripped; null while it has not.</summary>
    public string? KillSwitch { get; init; }

    /// <summary>Events it cannot get past.</summary>
    public IReadOnlyList<EndpointBlockage> Blocked { get; init; } = [];

    /// <summary>What went wrong last; null when nothing did since it started.</summary>
    public EndpointError? LastError { get; init; }

    /// <summary>Seconds after which the store forgets it.</summary>
    public int Ttl { get; } = (int)Lifetime.TotalSeconds;

    /// <summary>Whether it says the same, but for the time and what follows from it.</summary>
    internal bool SaysTheSameAs(EndpointHeartbeat? other) =>
        other is not null
        && (InFlight, Handled, Paused, KillSwitch, LastError) == (other.InFlight, other.Handled, other.Paused, other.KillSwitch, other.LastError)
        && Partitions.SequenceEqual(other.Partitions) && Blocked.SequenceEqual(other.Blocked);
}

/// <summary>An event an endpoint cannot get past.</summary>
/// <param name="StreamId">Its stream.</param>
/// <param name="Version">Its version.</param>
/// <param name="Error">What it fails with.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="Since">When it failed first, UTC.</param>
public sealed record EndpointBlockage(string StreamId, long Version, string Error, int Attempts, DateTimeOffset Since);

/// <summary>Something that went wrong.</summary>
/// <param name="At">When, UTC.</param>
/// <param name="Message">What.</param>
/// <param name="StreamId">With which stream; null when with none.</param>
/// <param name="Version">With which event of it.</param>
public sealed record EndpointError(DateTimeOffset At, string Message, string? StreamId = null, long? Version = null);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(EndpointHeartbeat))]
internal sealed partial class HeartbeatJson : JsonSerializerContext;
