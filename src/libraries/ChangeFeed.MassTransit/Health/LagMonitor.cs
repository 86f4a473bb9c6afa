using ChangeFeed.MassTransit.Cosmos;
using ChangeFeed.MassTransit.Engine;
using ChangeFeed.MassTransit.Legs;

namespace ChangeFeed.MassTransit.Health;

/// <summary>Looks now and then how far every partition of an endpoint is, whoever owns it.</summary>
internal sealed class LagMonitor(EndpointEngine engine, LagEstimate estimate, WaitingLeg waiting, ChangeFeedOptions options, TimeProvider time)
{
    private readonly Dictionary<string, (string? Continuation, DateTimeOffset Since)> _seen = [];
    private readonly Dictionary<string, (DateTimeOffset Timestamp, DateTimeOffset Since)> _renewed = [];
    private volatile IReadOnlyList<PartitionLag> _partitions = [];

    /// <summary>The partitions as they were at the last look.</summary>
    public IReadOnlyList<PartitionLag> Partitions => _partitions;

    /// <summary>
    /// True when work waits that nobody owns and this instance, which should take it, owns nothing at all: then its processor is dead,
    /// whatever it looks like.
    /// </summary>
    public bool ProcessorSeemsDead =>
        engine.Sessions.Count == 0 && _partitions.Any(p => p.Owner is null && p.Behind > 0 && p.StuckFor > 2 * Takeover);

    /// <summary>Time in which an abandoned lease finds a new owner.</summary>
    public TimeSpan Takeover => options.LeaseExpirationInterval + (2 * options.LeaseAcquireInterval);

    public async Task MeasureAsync(CancellationToken cancellationToken)
    {
        var partitions = await estimate.ReadAsync(cancellationToken, waiting.IsTurnOver);
        var next = await waiting.ReadAsync(time.GetUtcNow(), cancellationToken);
        _partitions = [.. partitions.Select(partition => Status(partition.Lease, partition.Behind)), .. next];
    }

    /// <summary>No more news of the partitions: the endpoint is stopped.</summary>
    public void Clear() => _partitions = [];

    private PartitionLag Status(LeaseInfo lease, long behind)
    {
        var now = time.GetUtcNow();
        var session = engine.Find(lease.Token);
        if (behind == 0 || !_seen.TryGetValue(lease.Token, out var seen) || seen.Continuation != lease.Continuation)
            _seen[lease.Token] = seen = (lease.Continuation, now);
        // What is handled and not yet checkpointed is progress as well.
        var since = session is not null && session.LastProgress > seen.Since ? session.LastProgress : seen.Since;
        var abandoned = lease.Owner is not null && session is null && now - LastRenewal(lease, now) > Takeover;
        var age = now - (session?.OldestUnfinished ?? since);
        return new PartitionLag(
            lease.Token, abandoned ? null : lease.Owner, session is not null, behind, behind == 0 ? null : age, behind == 0 ? TimeSpan.Zero : now - since);
    }

    // By this instance's clock: that of the owner, whose time stamp it is, may be minutes off.
    private DateTimeOffset LastRenewal(LeaseInfo lease, DateTimeOffset now)
    {
        if (!_renewed.TryGetValue(lease.Token, out var seen) || seen.Timestamp != lease.Timestamp)
            _renewed[lease.Token] = seen = (lease.Timestamp, now);
        return seen.Since;
    }
}
