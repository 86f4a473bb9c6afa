using ChangeFeed.MassTransit.Engine;
using ChangeFeed.MassTransit.Handling;
using ChangeFeed.MassTransit.Health;

namespace ChangeFeed.MassTransit.Rider;

/// <summary>What an endpoint has outside of this process: where it reads, where it parks, and what it looks at now and then.</summary>
internal interface IEndpointStore
{
    /// <summary>Where events that fail are kept; null where the endpoint blocks instead.</summary>
    IParking? Parking { get; }

    /// <summary>A source to read from; a new one for each start.</summary>
    IFeedSource CreateSource();

    /// <summary>What looks at the store beside the feed, for as long as the endpoint runs.</summary>
    Surveillance Survey(EndpointEngine engine, EventHandling handling, EndpointGate gate, EndpointStatus status);
}

/// <summary>What looks at the store beside the feed.</summary>
/// <param name="Lag">How far the endpoint is behind.</param>
/// <param name="Heartbeat">Tells others how this instance stands.</param>
/// <param name="Tasks">When what is looked at.</param>
internal sealed record Surveillance(LagMonitor? Lag, HeartbeatWriter? Heartbeat, IReadOnlyList<PeriodicTask> Tasks)
{
    public static Surveillance None { get; } = new(null, null, []);
}

/// <summary>Makes the store of an endpoint. Tests of the engine register one that keeps everything in memory.</summary>
internal delegate IEndpointStore EndpointStoreFactory(ChangeFeedEndpointConfigurator settings);
