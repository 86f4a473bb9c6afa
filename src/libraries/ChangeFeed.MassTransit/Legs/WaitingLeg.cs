using System.Globalization;
using ChangeFeed.MassTransit.Health;
using ChangeFeed.MassTransit.Positions;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.MassTransit.Legs;

/// <summary>What waits on the leg that is read next, while an endpoint is in a turn that is over.</summary>
internal sealed class WaitingLeg(LegReading reading, Func<FeedRoute> route, Container leases)
{
    // Enough to see that it is much; each is read to be counted.
    private const int MaxCounted = 1000;

    /// <summary>Whether the feed is in a later turn than the endpoint.</summary>
    public bool IsTurnOver => route().Turn > reading.Number;

    /// <summary>What waits, as if it were one partition that nobody owns; nothing while the endpoint is in the turn of the feed.</summary>
    public async Task<IReadOnlyList<PartitionLag>> ReadAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (!IsTurnOver)
            return [];
        var next = LegReading.Of(reading.Endpoint, route(), reading.Number + 1);
        var feed = new LegFeed(next);
        var (waiting, oldest) = (0L, (DateTimeOffset?)null);
        foreach (var (range, after) in await PlacesAsync(next, cancellationToken))
            await foreach (var document in feed.WrittenHereAsync(range, after, null, cancellationToken))
            {
                var at = DateTimeOffset.FromUnixTimeSeconds(document.GetProperty("_ts"u8).GetInt64());
                oldest = oldest < at ? oldest : at;
                if (++waiting == MaxCounted)
                    return [Lag(next, waiting, now - oldest)];
            }

        return [Lag(next, waiting, now - oldest)];
    }

    private async Task<IReadOnlyList<(string Range, long? After)>> PlacesAsync(LegReading next, CancellationToken cancellationToken)
    {
        var known = await next.Leases(leases).ReadAsync(cancellationToken);
        return known.Count > 0
            ? [.. known.Select(lease => (lease.Range, LeasePosition.Read(lease.Token, lease.Continuation)))]
            : [.. (await next.Leg.Container.GetFeedRangesAsync(cancellationToken)).Select(range => (range.ToJsonString(), (long?)null))];
    }

    // It waits as it should: nobody is to be alarmed for it.
    private static PartitionLag Lag(LegReading next, long waiting, TimeSpan? age) =>
        new(string.Create(CultureInfo.InvariantCulture, $"turn {next.Number}"), null, false, waiting, age, TimeSpan.Zero);
}
