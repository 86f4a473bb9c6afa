namespace ChangeFeed.MassTransit;

/// <summary>A document of the feed, and where it is.</summary>
/// <param name="Lsn">Log sequence number of its transaction in its partition.</param>
/// <param name="At">When the store wrote it, UTC, to the second.</param>
/// <param name="StreamId">Its stream; a name of its own where it tells none.</param>
/// <param name="Version">Its version; 0 where it tells none.</param>
/// <param name="Type">Type of the event; null where it tells none.</param>
public sealed record FeedPlace(long Lsn, DateTimeOffset At, string StreamId, long Version, string? Type);

/// <summary>Where an endpoint stands in one partition, as its lease tells: what is under way at the moment counts as not handled.</summary>
/// <param name="Lease">The lease token: which partition.</param>
/// <param name="Owner">The instance that owns it, or owned it last; null when nobody does.</param>
/// <param name="RenewedAt">When the owner last said that it is alive, by the owner's clock.</param>
/// <param name="Position">Log sequence number up to which everything is handled; null before the first checkpoint: the beginning.</param>
/// <param name="Last">The last event of those that are handled; null when there is none, or it is not there any more.</param>
/// <param name="Next">The first event that is not; null when nothing waits.</param>
/// <param name="Behind">Transactions that wait, as the store estimates.</param>
/// <param name="LagSeconds">How long the oldest of them has waited, in seconds; 0 when nothing waits.</param>
public sealed record PartitionPosition(
    string Lease, string? Owner, DateTimeOffset RenewedAt, long? Position, FeedPlace? Last, FeedPlace? Next, long Behind, double LagSeconds);
