using ChangeFeed.MassTransit.Cosmos;
using ChangeFeed.MassTransit.Engine;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.MassTransit.Legs;

/// <summary>A leg as an endpoint reads it in a turn.</summary>
/// <param name="Endpoint">The endpoint.</param>
/// <param name="Number">The turn.</param>
/// <param name="Leg">The leg.</param>
/// <param name="Since">Where a lease begins that was never checkpointed; null for the beginning.</param>
internal sealed record LegReading(string Endpoint, long Number, FeedLeg Leg, DateTimeOffset? Since)
{
    // The clock of the switch is not that of the store, and whatever was carried before is left out anyway.
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(5);

    /// <summary>Begins the ids of its leases, with a colon behind it.</summary>
    public string LeaseName { get; } = Leg.Name.Length == 0 ? Endpoint : $"{Endpoint}@{Leg.Name}";

    /// <summary>Tells what was written elsewhere; null where nothing was.</summary>
    public LegTurn? Turn { get; } = Leg.CarriedIn is { } carried ? new LegTurn(Number, carried) : null;

    /// <summary>What is read in a turn of a route.</summary>
    /// <exception cref="InvalidOperationException">The route does not have that leg any more.</exception>
    public static LegReading Of(string endpoint, FeedRoute route, long turn)
    {
        if (route.LegOf(turn) is not { } leg || (turn < route.Turn && route.Former is null))
            throw new InvalidOperationException(
                $"Endpoint '{endpoint}' has not read turn {turn} of '{route.Name}' to its end, and there is no way back to it any more: what it has not "
                + "handled was copied to the container that serves. Let the feed have both containers again until the endpoint has come over.");
        return new LegReading(endpoint, turn, leg, SinceOf(route, turn));
    }

    /// <summary>Its leases.</summary>
    public LeaseDirectory Leases(Container leases) => new(LeaseName, Leg.Container, leases);

    // Of a leg that is read for the first time in the turn it serves in: in an earlier turn of its own nothing was there, or there is a checkpoint.
    private static DateTimeOffset? SinceOf(FeedRoute route, long turn) =>
        turn > 1 && turn == route.Turn && route.Former is not null && route.Serving.Since is { } since ? since - Margin : null;
}
