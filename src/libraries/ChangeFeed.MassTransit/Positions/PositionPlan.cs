namespace ChangeFeed.MassTransit;

/// <summary>What lies between two positions.</summary>
/// <param name="Events">How many events.</param>
/// <param name="ByType">How many of which type; <c>(no event)</c> are documents that are none.</param>
/// <param name="Streams">Of how many streams.</param>
/// <param name="First">When the first of them was written, UTC; null when there is none.</param>
/// <param name="Last">When the last of them was written, UTC; null when there is none.</param>
/// <param name="RequestUnits">What reading them cost, and costs again for each endpoint that does.</param>
/// <param name="IsComplete">False when there are more than were counted.</param>
public sealed record FeedTally(
    long Events, IReadOnlyDictionary<string, long> ByType, long Streams, DateTimeOffset? First, DateTimeOffset? Last, double RequestUnits, bool IsComplete);

/// <summary>What happens to the position in one partition.</summary>
/// <param name="Lease">The lease token: which partition.</param>
/// <param name="From">Where it is; null for the beginning.</param>
/// <param name="To">Where it goes; null for the beginning.</param>
/// <param name="Events">Events between the two, as far as counted.</param>
public sealed record PartitionMove(string Lease, long? From, long? To, long Events)
{
    /// <summary>True when events are handled again, false when they are passed over or nothing is between.</summary>
    public bool IsBack => (To ?? 0) < (From ?? 0);
}

/// <summary>What moving an endpoint would do; nothing is done yet.</summary>
/// <param name="Endpoint">The endpoint.</param>
/// <param name="Target">Where it would go on.</param>
/// <param name="Partitions">What would happen in each partition.</param>
/// <param name="Again">What would be handled again.</param>
/// <param name="Skipped">What would never be handled.</param>
/// <param name="Token">Moves it exactly so, given to <see cref="EndpointPositions.MoveAsync"/>.</param>
public sealed record PositionPlan(
    string Endpoint, PositionTarget Target, IReadOnlyList<PartitionMove> Partitions, FeedTally Again, FeedTally Skipped, string Token);
