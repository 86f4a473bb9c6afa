using System.Globalization;
using System.Text.RegularExpressions;
using System.Text.Json;
using ChangeFeed.EventStore.Cosmos;
using ChangeFeed.MassTransit.Cosmos;
using ChangeFeed.MassTransit.Health;
using ChangeFeed.MassTransit.Legs;
using ChangeFeed.MassTransit.Positions;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.MassTransit;

/// <summary>
/// Shows where endpoints stand, and moves them, from anywhere and whether they run or not: an instance that works on a partition loses its lease, and
/// whoever takes it next begins at the new position, within <see cref="ChangeFeedOptions.LeaseRenewInterval"/> and
/// <see cref="ChangeFeedOptions.LeaseAcquireInterval"/>. Of a feed of containers that serve in turns it is the leg that the endpoint reads; what was
/// saved on the other one is no place on it, and an endpoint is not moved while it reads a leg that serves no more.
/// </summary>
public sealed partial class EndpointPositions
{
    /// <summary>Events a plan counts; of more it says that there are more.</summary>
    public const int MaxCounted = 50_000;

    private readonly Container _leases;
    private readonly Container _controls;
    private readonly TimeProvider _time;
    private readonly EndpointDirectory _endpoints;

    /// <summary>Positions of readers of containers that stay where they are.</summary>
    /// <param name="leases">The container of the leases.</param>
    /// <param name="controls">The container of controls, partition key <c>/endpoint</c>: where positions are saved.</param>
    /// <param name="time">The clock.</param>
    /// <param name="monitored">The containers whose readers are looked for.</param>
    public EndpointPositions(Container leases, Container controls, TimeProvider time, params IReadOnlyList<Container> monitored)
        : this(leases, controls, time, new EndpointDirectory(leases, monitored))
    {
    }

    /// <summary>Positions of readers of containers that serve in turns, and of others.</summary>
    /// <param name="leases">The container of the leases.</param>
    /// <param name="controls">The container of controls, partition key <c>/endpoint</c>: where positions are saved.</param>
    /// <param name="time">The clock.</param>
    /// <param name="route">Containers that serve in turns.</param>
    /// <param name="monitored">The other containers whose readers are looked for.</param>
    public EndpointPositions(
        Container leases, Container controls, TimeProvider time, IFeedRoute route, params IReadOnlyList<Container> monitored)
        : this(leases, controls, time, new EndpointDirectory(leases, route, monitored))
    {
    }

    private EndpointPositions(Container leases, Container controls, TimeProvider time, EndpointDirectory endpoints) =>
        (_leases, _controls, _time, _endpoints) = (leases, controls, time, endpoints);

    /// <summary>Where an endpoint stands in each partition; null when there is no such endpoint. About 15 request units a partition.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="CosmosException">The store refused, or cannot be reached.</exception>
    public async Task<IReadOnlyList<PartitionPosition>?> ReadAsync(string endpoint, CancellationToken cancellationToken = default)
    {
        if (await _endpoints.FindAsync(endpoint, cancellationToken) is not var (reading, isOver))
            return null;
        var feed = new PositionFeed(reading.Leg.Container);
        var found = new List<PartitionPosition>();
        foreach (var (lease, behind) in await new LagEstimate(reading, _leases).ReadAsync(cancellationToken, isOver))
        {
            var position = LeasePosition.Read(lease.Token, lease.Continuation);
            var (last, next) = await AroundAsync(feed, lease, position, cancellationToken);
            var lag = next is null ? 0 : Math.Round(Math.Max(0, (_time.GetUtcNow() - next.At).TotalSeconds), 1);
            found.Add(new PartitionPosition(lease.Token, lease.Owner, lease.Timestamp, position, last, next, behind, lag));
        }

        return [.. found.OrderBy(p => p.Lease.Length).ThenBy(p => p.Lease, StringComparer.Ordinal)];
    }

    /// <summary>Whether there is such an endpoint: one that has ever read one of the containers.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="CosmosException">The store refused, or cannot be reached.</exception>
    public async Task<bool> ExistsAsync(string endpoint, CancellationToken cancellationToken = default) =>
        await _endpoints.FindAsync(endpoint, cancellationToken) is not null;

    /// <summary>Keeps where an endpoint stands under a name; what had the name before is forgotten.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="name">1 to 60 letters, digits, dots, hyphens and underscores.</param>
    /// <param name="by">Who saves it.</param>
    /// <param name="reason">Why; kept.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What was kept; null when there is no such endpoint.</returns>
    /// <exception cref="PositionException">The name is none.</exception>
    /// <exception cref="CosmosException">The store refused, or cannot be reached.</exception>
    public async Task<SavedPosition?> SaveAsync(
        string endpoint, string name, string by, string? reason = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(by);
        if (!NamePattern().IsMatch(name))
            throw new PositionException("name", "A name has 1 to 60 letters, digits, dots, hyphens and underscores.");
        if (await _endpoints.FindAsync(endpoint, cancellationToken) is not var (reading, _))
            return null;
        var saved = new SavedPosition
        {
            Id = IdOf(name),
            Endpoint = endpoint,
            Name = name,
            By = by,
            Reason = reason,
            At = _time.GetUtcNow(),
            Leg = reading.Leg.Name,
            Partitions =
            [
                .. (await reading.Leases(_leases).ReadAsync(cancellationToken)).Select(lease =>
                    new PlannedLease(lease, KeyRange.Parse(lease.Range), null, LeasePosition.Read(lease.Token, lease.Continuation)).Stored),
            ],
        };
        await _controls.UpsertAsync(endpoint, saved, PositionJson.Default.SavedPosition, cancellationToken);
        return saved;
    }

    /// <summary>The saved positions of an endpoint, the latest first.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="CosmosException">The store refused, or cannot be reached.</exception>
    public async Task<IReadOnlyList<SavedPosition>> SavedAsync(string endpoint, CancellationToken cancellationToken = default) =>
        await _controls.QueryAsync(
            new QueryDefinition("SELECT * FROM c WHERE c.kind = @kind ORDER BY c.at DESC").WithParameter("@kind", SavedPosition.KindName),
            document => document.Deserialize(PositionJson.Default.SavedPosition)!,
            new QueryRequestOptions { PartitionKey = new PartitionKey(endpoint) },
            cancellationToken);

    private async Task<SavedPosition> ReadSavedAsync(string endpoint, string name, CancellationToken cancellationToken)
    {
        if (NamePattern().IsMatch(name)
            && await _controls.FindAsync(IdOf(name), endpoint, PositionJson.Default.SavedPosition, cancellationToken) is { } found)
            return found.Document;
        var names = (await SavedAsync(endpoint, cancellationToken)).Select(saved => saved.Name).ToList();
        throw new PositionException(
            "name",
            $"No position of {endpoint} is saved as '{name}'; {(names.Count == 0 ? "none is saved at all" : $"there are {string.Join(", ", names)}")}.");
    }

    private static async Task<(FeedPlace? Last, FeedPlace? Next)> AroundAsync(
        PositionFeed feed, LeaseInfo lease, long? position, CancellationToken cancellationToken)
    {
        FeedPlace? last = null;
        FeedPlace? next = null;
        foreach (var range in await feed.RangesAsync(lease.Range, cancellationToken))
            await foreach (var page in feed.ReadAsync(range, LeasePosition.Before(position ?? 0), 10, cancellationToken))
            {
                var places = page.Documents.Select(PositionFeed.PlaceOf).ToList();
                last = places.LastOrDefault(place => place.Lsn <= (position ?? 0)) ?? last;
                if (places.FirstOrDefault(place => place.Lsn > (position ?? 0)) is not { } first)
                    continue;
                next = next is null || first.At < next.At ? first : next;
                break;
            }

        return (last, next);
    }

    private static string IdOf(string name) => $"{SavedPosition.KindName}.{name}";

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]{0,59}\\z")]
    private static partial Regex NamePattern();
}
