using ChangeFeed.MassTransit.Cosmos;
using ChangeFeed.MassTransit.Legs;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.MassTransit.Health;

/// <summary>Asks the store how far the partitions of an endpoint are, whoever owns them.</summary>
internal sealed class LagEstimate(LegReading reading, Container leases)
{
    private readonly LeaseDirectory _directory = reading.Leases(leases);
    private readonly LegFeed _feed = new(reading);

    /// <summary>Every lease, and the transactions written and not checkpointed.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="isOver">Whether the turn is over: what is written now is not for this leg to handle, and does not count.</param>
    public async Task<IReadOnlyList<(LeaseInfo Lease, long Behind)>> ReadAsync(CancellationToken cancellationToken, bool isOver = false)
    {
        var lag = new Dictionary<string, long>();
        using var states = reading.Leg.Container.GetChangeFeedEstimator(reading.LeaseName + ":", leases).GetCurrentStateIterator();
        while (states.HasMoreResults)
            foreach (var state in await states.ReadNextAsync(cancellationToken))
                lag[state.LeaseToken] = state.EstimatedLag;

        var found = new List<(LeaseInfo, long)>();
        foreach (var lease in await _directory.ReadAsync(cancellationToken))
            found.Add((lease, await BehindAsync(lease, lag.GetValueOrDefault(lease.Token), isOver, cancellationToken)));
        return found;
    }

    // For a lease that was never checkpointed the estimator says 1, also when there is nothing in the partition.
    private async Task<long> BehindAsync(LeaseInfo lease, long estimated, bool isOver, CancellationToken cancellationToken) =>
        estimated == 0 || (lease.Continuation is not null && !isOver) || await _feed.HasAnyAsync(lease, cancellationToken) ? estimated : 0;
}
