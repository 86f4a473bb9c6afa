using System.Collections.Concurrent;
using ChangeFeed.MassTransit.Cosmos;
using ChangeFeed.MassTransit.Health;
using ChangeFeed.MassTransit.Legs;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.MassTransit;

/// <summary>How far an endpoint is, as its leases tell.</summary>
/// <param name="Name">The endpoint.</param>
/// <param name="Partitions">The partitions of the container it reads.</param>
public sealed record EndpointProgress(string Name, IReadOnlyList<PartitionProgress> Partitions)
{
    /// <summary>
    /// The turn of the feed that it reads; 1 where its container stays where it is. While it is behind that of the <see cref="FeedRoute"/> there must be a
    /// way back.
    /// </summary>
    public long Turn { get; init; } = 1;
}

/// <summary>How far a partition of an endpoint is, as its lease tells.</summary>
/// <param name="Lease">The lease token: which partition.</param>
/// <param name="Owner">The instance that owns it, or owned it last; null when nobody does.</param>
/// <param name="Position">How far it is checkpointed; null before the first checkpoint.</param>
/// <param name="Behind">Transactions written and not checkpointed, as the store estimates.</param>
/// <param name="RenewedAt">When the owner last said that it is alive, by the owner's clock.</param>
public sealed record PartitionProgress(string Lease, string? Owner, string? Position, long Behind, DateTimeOffset RenewedAt);

/// <summary>
/// Finds every endpoint that reads one of the given containers, and how far it is, from the leases alone: whoever asks needs to know
/// none of them. About 10 request units an endpoint on 4 partitions.
/// </summary>
public sealed class EndpointDirectory
{
    private readonly Container _leases;
    private readonly IReadOnlyList<IFeedRoute> _routes;
    private readonly ConcurrentDictionary<(string Endpoint, long Turn), LagEstimate> _known = new();

    /// <summary>Finds readers of containers that stay where they are.</summary>
    /// <param name="leases">The container of the leases.</param>
    /// <param name="monitored">The containers whose readers are looked for.</param>
    public EndpointDirectory(Container leases, params IReadOnlyList<Container> monitored)
        : this(leases, [.. monitored.Select(container => new FixedRoute(container))])
    {
    }

    /// <summary>Finds readers of containers that serve in turns, each on the leg it reads, and of others.</summary>
    /// <param name="leases">The container of the leases.</param>
    /// <param name="route">Containers that serve in turns.</param>
    /// <param name="monitored">The other containers whose readers are looked for.</param>
    public EndpointDirectory(Container leases, IFeedRoute route, params IReadOnlyList<Container> monitored)
        : this(leases, [route, .. monitored.Select(container => new FixedRoute(container))])
    {
    }

    private EndpointDirectory(Container leases, IReadOnlyList<IFeedRoute> routes) => (_leases, _routes) = (leases, routes);

    /// <summary>All endpoints, by name.</summary>
    public async Task<IReadOnlyList<EndpointProgress>> ReadAsync(CancellationToken cancellationToken = default)
    {
        var found = new List<EndpointProgress>();
        foreach (var (name, route) in await RoutesAsync(cancellationToken))
        {
            var reading = await ReadingAsync(name, route, cancellationToken);
            var estimate = _known.GetOrAdd((name, reading.Number), _ => new LagEstimate(reading, _leases));
            var partitions = await estimate.ReadAsync(cancellationToken, isOver: route.Turn > reading.Number);
            found.Add(new EndpointProgress(
                name, [.. partitions.Select(p => new PartitionProgress(p.Lease.Token, p.Lease.Owner, p.Lease.Continuation, p.Behind, p.Lease.Timestamp))])
            {
                Turn = reading.Number,
            });
        }

        return found;
    }

    /// <summary>What an endpoint reads, and whether the feed is in a later turn; null when there is no such endpoint.</summary>
    internal async Task<(LegReading Reading, bool IsOver)?> FindAsync(string endpoint, CancellationToken cancellationToken)
    {
        if (!(await RoutesAsync(cancellationToken)).TryGetValue(endpoint, out var route))
            return null;
        var reading = await ReadingAsync(endpoint, route, cancellationToken);
        return (reading, route.Turn > reading.Number);
    }

    // One that did not come over while there was a way says so itself.
    private async Task<LegReading> ReadingAsync(string endpoint, FeedRoute route, CancellationToken cancellationToken) => LegReading.Of(
        endpoint, route, route.Former is null ? route.Turn : await new EndpointTurns(endpoint, _leases).CurrentAsync(route, cancellationToken));

    private async Task<SortedDictionary<string, FeedRoute>> RoutesAsync(CancellationToken cancellationToken)
    {
        var marks = new List<(string Leg, string Mark, FeedRoute Route)>();
        foreach (var source in _routes)
        {
            var route = await source.GetAsync(0, cancellationToken);
            foreach (var leg in new[] { route.Serving, route.Former }.OfType<FeedLeg>())
                marks.Add((leg.Name, await LeaseDirectory.MarkAsync(leg.Container, cancellationToken), route));
        }

        var found = new SortedDictionary<string, FeedRoute>(StringComparer.Ordinal);
        using var pages = _leases.GetItemQueryIterator<string>(new QueryDefinition("SELECT VALUE c.id FROM c WHERE ENDSWITH(c.id, '.info')"));
        while (pages.HasMoreResults)
            foreach (var id in await pages.ReadNextAsync(cancellationToken))
                if (id.Split(':', 2) is [var name, var rest] && $"{name}@".Split('@') is [var endpoint, var leg, ..]
                    && marks.FirstOrDefault(mark => mark.Leg == leg && rest.Contains(mark.Mark, StringComparison.Ordinal)).Route is { } route)
                    found[endpoint] = route; // whichever leg it is
        return found;
    }
}
