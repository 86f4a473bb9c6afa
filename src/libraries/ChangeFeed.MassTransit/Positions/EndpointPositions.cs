using System.Globalization;
using System.Text;
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
/// <see cref="ChangeFeedOptions.LeaseAcquireInterval"/>.
/// </summary>
/// <param name="leases">The container of the leases.</param>
/// <param name="controls">The container of controls, partition key <c>/endpoint</c>: where positions are saved.</param>
/// <param name="time">The clock.</param>
/// <param name="monitored">The containers whose readers are looked for.</param>
public sealed partial class EndpointPositions(Container leases, Container controls, TimeProvider time, params IReadOnlyList<Container> monitored)
{
    /// <summary>Events a plan counts; of more it says that there are more.</summary>
    public const int MaxCounted = 50_000;

    private const int KeptHistory = 20;
    private const int Rounds = 10;

    private readonly EndpointDirectory _endpoints = new(leases, monitored);

    /// <summary>Where an endpoint stands in each partition; null when there is no such endpoint. About 15 request units a partition.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="CosmosException">The store refused, or cannot be reached.</exception>
    public async Task<IReadOnlyList<PartitionPosition>?> ReadAsync(string endpoint, CancellationToken cancellationToken = default)
    {
        if (await _endpoints.FindAsync(endpoint, cancellationToken) is not { } container)
            return null;
        var feed = new PositionFeed(container);
        var found = new List<PartitionPosition>();
        foreach (var (lease, behind) in await new LagEstimate(LegReading.Alone(endpoint, container), leases).ReadAsync(cancellationToken))
        {
            var position = LeasePosition.Read(lease.Token, lease.Continuation);
            var (last, next) = await AroundAsync(feed, lease, position, cancellationToken);
            var lag = next is null ? 0 : Math.Round(Math.Max(0, (time.GetUtcNow() - next.At).TotalSeconds), 1);
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
        if (await _endpoints.FindAsync(endpoint, cancellationToken) is not { } container)
            return null;
        var saved = new SavedPosition
        {
            Id = IdOf(name),
            Endpoint = endpoint,
            Name = name,
            By = by,
            Reason = reason,
            At = time.GetUtcNow(),
            Partitions =
            [
                .. (await Directory(endpoint, container).ReadAsync(cancellationToken)).Select(lease =>
                    new PlannedLease(lease, KeyRange.Parse(lease.Range), null, LeasePosition.Read(lease.Token, lease.Continuation)).Stored),
            ],
        };
        await controls.UpsertAsync(endpoint, saved, PositionJson.Default.SavedPosition, cancellationToken);
        return saved;
    }

    /// <summary>The saved positions of an endpoint, the latest first.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="CosmosException">The store refused, or cannot be reached.</exception>
    public async Task<IReadOnlyList<SavedPosition>> SavedAsync(string endpoint, CancellationToken cancellationToken = default) =>
        await controls.QueryAsync(
            new QueryDefinition("SELECT * FROM c WHERE c.kind = @kind ORDER BY c.at DESC").WithParameter("@kind", SavedPosition.KindName),
            document => document.Deserialize(PositionJson.Default.SavedPosition)!,
            new QueryRequestOptions { PartitionKey = new PartitionKey(endpoint) },
            cancellationToken);

    /// <summary>The last move of an endpoint, which may not be finished; null when there was none.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="CosmosException">The store refused, or cannot be reached.</exception>
    public async Task<PositionMove?> LastMoveAsync(string endpoint, CancellationToken cancellationToken = default) =>
        (await controls.FindAsync(PositionMove.KindName, endpoint, PositionJson.Default.PositionMove, cancellationToken))?.Document;

    /// <summary>Says what moving an endpoint would do: it reads what lies between, and changes nothing.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="target">Where it would go on.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The plan; null when there is no such endpoint.</returns>
    /// <exception cref="PositionException">There is no such place.</exception>
    /// <exception cref="CosmosException">The store refused, or cannot be reached.</exception>
    public async Task<PositionPlan?> PlanAsync(string endpoint, PositionTarget target, CancellationToken cancellationToken = default)
    {
        if (await _endpoints.FindAsync(endpoint, cancellationToken) is not { } container)
            return null;
        var asOf = time.GetUtcNow();
        var planned = await PlanAsync(endpoint, container, target, cancellationToken);
        var feed = new PositionFeed(container);
        var (again, skipped) = (new FeedCounter(feed, MaxCounted), new FeedCounter(feed, MaxCounted));
        var moves = new List<PartitionMove>();
        foreach (var plan in planned)
        {
            var (from, to) = (plan.From ?? 0, plan.To ?? 0);
            var events = !plan.Moves ? 0
                : to < from ? await again.AddAsync(plan.Lease.Range, plan.To, from, cancellationToken)
                : await skipped.AddAsync(plan.Lease.Range, plan.From, to, cancellationToken);
            moves.Add(new PartitionMove(plan.Lease.Token, plan.From, plan.To, events));
        }

        return new PositionPlan(endpoint, target, moves, again.Tally, skipped.Tally, TokenOf(asOf, endpoint, target, planned));
    }

    /// <summary>
    /// Moves an endpoint as a plan said. Asked for once more with the same token, it completes what was interrupted, and does nothing that was done.
    /// </summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="target">The target of the plan.</param>
    /// <param name="token">The token of the plan.</param>
    /// <param name="by">Who moves it; kept.</param>
    /// <param name="reason">Why; kept.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The move; null when the same target means something else by now, or there is no such endpoint.</returns>
    /// <exception cref="PositionException">There is no such place any more, or another move is not finished.</exception>
    /// <exception cref="CosmosException">The store refused, or cannot be reached.</exception>
    public async Task<PositionMove?> MoveAsync(
        string endpoint, PositionTarget target, string token, string by, string reason, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(by);
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        if (await _endpoints.FindAsync(endpoint, cancellationToken) is not { } container)
            return null;
        var before = await LastMoveAsync(endpoint, cancellationToken);
        if (before?.Operation == token)
            return await CompleteAsync(container, before, cancellationToken);
        if (before is { FinishedAt: null })
            throw new PositionException(
                "token", $"{before.By} is moving {endpoint} to {before.Target}, and it is not finished: complete it first, with the token {before.Operation}.");

        var planned = await PlanAsync(endpoint, container, target, cancellationToken);
        if (DryRunToken.AsOf(token) is not { } asOf || TokenOf(asOf, endpoint, target, planned) != token)
            return null;
        var move = new PositionMove
        {
            Endpoint = endpoint,
            Operation = token,
            Target = target.ToString(),
            By = by,
            Reason = reason,
            At = time.GetUtcNow(),
            Partitions = [.. planned.Where(plan => plan.Moves).Select(plan => plan.Stored)],
            History = before is null ? []
                : [new FormerMove(before.Operation, before.Target, before.By, before.Reason, before.At), .. before.History.Take(KeptHistory - 1)],
            ETag = before?.ETag,
        };
        return await TryWriteAsync(move, cancellationToken) is { } written
            ? await CompleteAsync(container, written, cancellationToken)
            : throw new PositionException("token", $"Somebody else has begun to move {endpoint} at this moment: look again.");
    }

    /// <summary>Completes the last move of an endpoint, where it is not finished.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The move; null when there was none, or no such endpoint.</returns>
    /// <exception cref="CosmosException">The store refused, or cannot be reached.</exception>
    public async Task<PositionMove?> CompleteAsync(string endpoint, CancellationToken cancellationToken = default) =>
        await _endpoints.FindAsync(endpoint, cancellationToken) is { } container && await LastMoveAsync(endpoint, cancellationToken) is { } move
            ? await CompleteAsync(container, move, cancellationToken)
            : null;

    // One lease after the other, and each only once, whatever is interrupted: a lease knows which move it was moved by last.
    private async Task<PositionMove> CompleteAsync(Container container, PositionMove move, CancellationToken cancellationToken)
    {
        if (move.FinishedAt is not null)
            return move;
        var mover = new LeaseMover(leases);
        var directory = Directory(move.Endpoint, container);
        for (var round = 0; round < Rounds; round++)
        {
            var gone = false;
            foreach (var lease in await directory.ReadAsync(cancellationToken))
                if (PositionPlanner.Covering(move.Partitions, KeyRange.Parse(lease.Range)) is { } to)
                    gone |= !await mover.MoveAsync(lease, to.Position, move.Operation, cancellationToken);
            if (!gone)
                return await TryWriteAsync(move with { FinishedAt = time.GetUtcNow() }, cancellationToken)
                    ?? await LastMoveAsync(move.Endpoint, cancellationToken) ?? move;
        }

        return move; // partitions split all the time; the next call goes on
    }

    private async Task<IReadOnlyList<PlannedLease>> PlanAsync(
        string endpoint, Container container, PositionTarget target, CancellationToken cancellationToken)
    {
        var saved = target.Kind == PositionTargetKind.Saved ? await ReadSavedAsync(endpoint, target.Name!, cancellationToken) : null;
        return await new PositionPlanner(container, new PositionFeed(container), time)
            .PlanAsync(await Directory(endpoint, container).ReadAsync(cancellationToken), target, saved, cancellationToken);
    }

    private async Task<SavedPosition> ReadSavedAsync(string endpoint, string name, CancellationToken cancellationToken)
    {
        if (NamePattern().IsMatch(name)
            && await controls.FindAsync(IdOf(name), endpoint, PositionJson.Default.SavedPosition, cancellationToken) is { } found)
            return found.Document;
        var names = (await SavedAsync(endpoint, cancellationToken)).Select(saved => saved.Name).ToList();
        throw new PositionException(
            "name",
            $"No position of {endpoint} is saved as '{name}'; {(names.Count == 0 ? "none is saved at all" : $"there are {string.Join(", ", names)}")}.");
    }

    private async Task<PositionMove?> TryWriteAsync(PositionMove move, CancellationToken cancellationToken) =>
        await controls.TryWriteAsync(
            PositionMove.KindName, move.Endpoint, move with { ETag = null }, move.ETag, PositionJson.Default.PositionMove, cancellationToken) is { } etag
            ? move with { ETag = etag }
            : null;

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

    private LeaseDirectory Directory(string endpoint, Container container) => new(endpoint, container, leases);

    private static string IdOf(string name) => $"{SavedPosition.KindName}.{name}";

    // The moment of the plan and what it said. "Now" is another place at every moment, and yet the same wish.
    private static string TokenOf(DateTimeOffset asOf, string endpoint, PositionTarget target, IReadOnlyList<PlannedLease> planned)
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{endpoint}\n{target}\n");
        foreach (var plan in planned)
            text.Append(CultureInfo.InvariantCulture, $"{plan.Range}\t{(target.Kind == PositionTargetKind.Now ? null : plan.Wanted)}\n");
        return DryRunToken.Of(asOf, text.ToString());
    }

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]{0,59}\\z")]
    private static partial Regex NamePattern();
}
