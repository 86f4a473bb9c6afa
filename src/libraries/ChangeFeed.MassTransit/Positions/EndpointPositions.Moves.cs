using System.Globalization;
using System.Text;
using ChangeFeed.EventStore.Cosmos;
using ChangeFeed.MassTransit.Cosmos;
using ChangeFeed.MassTransit.Legs;
using ChangeFeed.MassTransit.Positions;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.MassTransit;

/// <content>Moving endpoints: a plan says what it would do, and a move does it, once.</content>
public sealed partial class EndpointPositions
{
    private const int KeptHistory = 20;
    private const int Rounds = 10;

    /// <summary>The last move of an endpoint, which may not be finished; null when there was none.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="CosmosException">The store refused, or cannot be reached.</exception>
    public async Task<PositionMove?> LastMoveAsync(string endpoint, CancellationToken cancellationToken = default) =>
        (await _controls.FindAsync(PositionMove.KindName, endpoint, PositionJson.Default.PositionMove, cancellationToken))?.Document;

    /// <summary>Says what moving an endpoint would do: it reads what lies between, and changes nothing.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="target">Where it would go on.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The plan; null when there is no such endpoint.</returns>
    /// <exception cref="PositionException">There is no such place.</exception>
    /// <exception cref="CosmosException">The store refused, or cannot be reached.</exception>
    public async Task<PositionPlan?> PlanAsync(string endpoint, PositionTarget target, CancellationToken cancellationToken = default)
    {
        if (await FindCurrentAsync(endpoint, cancellationToken) is not { } reading)
            return null;
        var asOf = _time.GetUtcNow();
        var planned = await PlanAsync(reading, target, cancellationToken);
        var feed = new PositionFeed(reading.Leg.Container);
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
        if (await FindCurrentAsync(endpoint, cancellationToken) is not { } reading)
            return null;
        var before = await LastMoveAsync(endpoint, cancellationToken);
        if (before?.Operation == token)
            return await CompleteAsync(reading, before, cancellationToken);
        if (before is { FinishedAt: null })
            throw new PositionException(
                "token", $"{before.By} is moving {endpoint} to {before.Target}, and it is not finished: complete it first, with the token {before.Operation}.");

        var planned = await PlanAsync(reading, target, cancellationToken);
        if (DryRunToken.AsOf(token) is not { } asOf || TokenOf(asOf, endpoint, target, planned) != token)
            return null;
        var move = new PositionMove
        {
            Endpoint = endpoint,
            Operation = token,
            Target = target.ToString(),
            By = by,
            Reason = reason,
            At = _time.GetUtcNow(),
            Partitions = [.. planned.Where(plan => plan.Moves).Select(plan => plan.Stored)],
            History = before is null ? []
                : [new FormerMove(before.Operation, before.Target, before.By, before.Reason, before.At), .. before.History.Take(KeptHistory - 1)],
            ETag = before?.ETag,
        };
        return await TryWriteAsync(move, cancellationToken) is { } written
            ? await CompleteAsync(reading, written, cancellationToken)
            : throw new PositionException("token", $"Somebody else has begun to move {endpoint} at this moment: look again.");
    }

    /// <summary>Completes the last move of an endpoint, where it is not finished.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The move; null when there was none, or no such endpoint.</returns>
    /// <exception cref="CosmosException">The store refused, or cannot be reached.</exception>
    public async Task<PositionMove?> CompleteAsync(string endpoint, CancellationToken cancellationToken = default) =>
        await FindCurrentAsync(endpoint, cancellationToken) is { } reading && await LastMoveAsync(endpoint, cancellationToken) is { } move
            ? await CompleteAsync(reading, move, cancellationToken)
            : null;

    /// <summary>What an endpoint reads; null when there is no such endpoint.</summary>
    /// <exception cref="PositionException">It is on its way to another container.</exception>
    private async Task<LegReading?> FindCurrentAsync(string endpoint, CancellationToken cancellationToken) =>
        await _endpoints.FindAsync(endpoint, cancellationToken) is not var (reading, isOver) ? null
        : isOver
            ? throw new PositionException(
                "partition", $"{endpoint} reads a container that serves no more to its end: move it when it has come to the one that serves.")
            : reading;

    // One lease after the other, and each only once, whatever is interrupted: a lease knows which move it was moved by last.
    private async Task<PositionMove> CompleteAsync(LegReading reading, PositionMove move, CancellationToken cancellationToken)
    {
        if (move.FinishedAt is not null)
            return move;
        var mover = new LeaseMover(_leases);
        var directory = reading.Leases(_leases);
        for (var round = 0; round < Rounds; round++)
        {
            var gone = false;
            foreach (var lease in await directory.ReadAsync(cancellationToken))
                if (PositionPlanner.Covering(move.Partitions, KeyRange.Parse(lease.Range)) is { } to)
                    gone |= !await mover.MoveAsync(lease, to.Position, move.Operation, cancellationToken);
            if (!gone)
                return await TryWriteAsync(move with { FinishedAt = _time.GetUtcNow() }, cancellationToken)
                    ?? await LastMoveAsync(move.Endpoint, cancellationToken) ?? move;
        }

        return move; // partitions split all the time; the next call goes on
    }

    private async Task<IReadOnlyList<PlannedLease>> PlanAsync(
        LegReading reading, PositionTarget target, CancellationToken cancellationToken)
    {
        var saved = target.Kind == PositionTargetKind.Saved ? await ReadSavedAsync(reading.Endpoint, target.Name!, cancellationToken) : null;
        if (saved is not null && saved.Leg != reading.Leg.Name)
            throw new PositionException(
                "name", $"The position '{saved.Name}' was saved where {reading.Endpoint} read another container, and says nothing of the one it reads now.");
        if (target.Kind == PositionTargetKind.Event && reading.Leg.Name.Length > 0)
            throw new PositionException("event", "An event cannot be looked for in a container that may have another partition key: name a time instead.");
        return await new PositionPlanner(reading.Leg.Container, new PositionFeed(reading.Leg.Container), _time)
            .PlanAsync(await reading.Leases(_leases).ReadAsync(cancellationToken), target, saved, cancellationToken);
    }

    private async Task<PositionMove?> TryWriteAsync(PositionMove move, CancellationToken cancellationToken) =>
        await _controls.TryWriteAsync(
            PositionMove.KindName, move.Endpoint, move with { ETag = null }, move.ETag, PositionJson.Default.PositionMove, cancellationToken) is { } etag
            ? move with { ETag = etag }
            : null;

    // The moment of the plan and what it said. "Now" is another place at every moment, and yet the same wish.
    private static string TokenOf(DateTimeOffset asOf, string endpoint, PositionTarget target, IReadOnlyList<PlannedLease> planned)
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{endpoint}\n{target}\n");
        foreach (var plan in planned)
            text.Append(CultureInfo.InvariantCulture, $"{plan.Range}\t{(target.Kind == PositionTargetKind.Now ? null : plan.Wanted)}\n");
        return DryRunToken.Of(asOf, text.ToString());
    }
}
