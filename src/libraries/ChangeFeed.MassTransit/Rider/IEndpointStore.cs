using ChangeFeed.MassTransit.Engine;
using ChangeFeed.MassTransit.Handling;
using ChangeFeed.MassTransit.Health;
using ChangeFeed.MassTransit.Legs;

namespace ChangeFeed.MassTransit.Rider;

/// <summary>What an endpoint has outside of this process: where it reads, where it parks, and what it looks at now and then.</summary>
internal interface IEndpointStore
{
    /// <summary>Where events that fail are kept; null where the endpoint blocks instead.</summary>
    IParking? Parking { get; }

    /// <summary>Finds out what is to be read, and makes what reads it; anew for each start.</summary>
    Task<FeedReading> OpenAsync(EndpointParts parts, CancellationToken cancellationToken);
}

/// <summary>What runs behind an endpoint whatever it reads.</summary>
internal sealed record EndpointParts(EndpointEngine Engine, EventHandling Handling, EndpointGate Gate, EndpointStatus Status);

/// <summary>What an endpoint reads until it is stopped, or something else is to be read.</summary>
/// <param name="Source">Delivers pages.</param>
/// <param name="Turn">The turn in which a leg is read; null where there is only one.</param>
/// <param name="Surveillance">What looks at the store beside the feed meanwhile.</param>
internal sealed record FeedReading(IFeedSource Source, LegTurn? Turn, Surveillance Surveillance);

/// <summary>What looks at the store beside the feed.</summary>
/// <param name="Lag">How far the endpoint is behind.</param>
/// <param name="Heartbeat">Tells others how this instance stands.</param>
/// <param name="Leg">Sees when another leg is to be read; null where there is none.</param>
/// <param name="Tasks">When what is looked at.</param>
internal sealed record Surveillance(LagMonitor? Lag, HeartbeatWriter? Heartbeat, LegFollower? Leg, IReadOnlyList<PeriodicTask> Tasks)
{
    public static Surveillance None { get; } = new(null, null, null, []);
}

/// <summary>Makes the store of an endpoint. Tests of the engine register one that keeps everything in memory.</summary>
internal delegate IEndpointStore EndpointStoreFactory(ChangeFeedEndpointConfigurator settings);
