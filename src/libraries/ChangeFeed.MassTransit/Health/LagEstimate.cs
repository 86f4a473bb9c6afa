using ChangeFeed.EventStore.Cosmos;
using ChangeFeed.MassTransit.Cosmos;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.MassTransit.Health;

/// <summary>Asks the store how far the partitions of an endpoint are, whoever owns them.</summary>
internal sealed class LagEstimate(string endpoint, Container monitored, Container leases, LeaseDirectory directory)
{
    /// <summary>Every lease, and the transactions written and not checkpointed.</summary>
    public async Task<IReadOnlyList<(LeaseInfo Lease, long Behind)>> ReadAsync(CancellationToken cancellationToken)
    {
        var lag = new Dictionary<string, long>();
        using var states = monitored.GetChangeFeedEstimator(endpoint + ":", leases).GetCurrentStateIterator();
        while (states.HasMoreResults)
            foreach (var state in await states.ReadNextAsync(cancellationToken))
                lag[state.LeaseToken] = state.EstimatedLag;

        var found = new List<(LeaseInfo, long)>();
        foreach (var lease in await directory.ReadAsync(cancellationToken))
            found.Add((lease, await BehindAsync(lease, lag.GetValueOrDefault(lease.Token), cancellationToken)));
        return found;
    }

    // For a lease that was never checkpointed the estimator says 1, also when there is nothing in the partition.
    private async Task<long> BehindAsync(LeaseInfo lease, long estimated, CancellationToken cancellationToken) =>
        lease.Continuation is not null || estimated == 0 || await HasAnyAsync(lease, cancellationToken) ? estimated : 0;

    private async Task<bool> HasAnyAsync(LeaseInfo lease, CancellationToken cancellationToken)
    {
        using var pages = monitored.GetChangeFeedStreamIterator(
            ChangeFeedStartFrom.Beginning(FeedRange.FromJsonString(lease.Range)), ChangeFeedMode.LatestVersion,
            new ChangeFeedRequestOptions { PageSizeHint = 1 });
        using var page = await pages.ReadPageAsync(cancellationToken);
        return !page.IsEnd;
    }
}
