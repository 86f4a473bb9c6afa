using System.Runtime.CompilerServices;
using System.Text.Json;
using ChangeFeed.MassTransit.Cosmos;
using ChangeFeed.MassTransit.Engine;
using ChangeFeed.MassTransit.Positions;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.MassTransit.Legs;

/// <summary>What of a leg an endpoint has not handled, whoever has its leases.</summary>
/// <param name="reading">The leg and the turn.</param>
/// <param name="session">Session token of what must be seen at least; null for whatever the store shows.</param>
internal sealed class LegFeed(LegReading reading, string? session = null)
{
    private const int PageSize = 100;

    private readonly PositionFeed _feed = new(reading.Leg.Container, session);

    /// <summary>The ends of all partitions, as they are.</summary>
    public async Task<IReadOnlyList<(KeyRange Range, long Lsn)>> EndsAsync(CancellationToken cancellationToken)
    {
        var ends = new List<(KeyRange, long)>();
        foreach (var range in await reading.Leg.Container.GetFeedRangesAsync(cancellationToken))
            ends.Add((KeyRange.Parse(range.ToJsonString()), await _feed.NowAsync(range, cancellationToken)));
        return ends;
    }

    /// <summary>Whether a lease has anything to handle in this turn.</summary>
    public async Task<bool> HasAnyAsync(LeaseInfo lease, CancellationToken cancellationToken, IReadOnlyList<(KeyRange Range, long Lsn)>? ends = null)
    {
        await foreach (var document in WrittenHereAsync(lease.Range, LeasePosition.Read(lease.Token, lease.Continuation), ends, cancellationToken))
            return true;
        return false;
    }

    /// <summary>What is behind a position, was written here, and is of this turn. A document is gone when the next one is asked for.</summary>
    /// <param name="lease">The range, as a lease has it.</param>
    /// <param name="after">The position; null for where a new lease begins.</param>
    /// <param name="ends">Behind these nothing is of this turn; null where that is not known.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    public async IAsyncEnumerable<JsonElement> WrittenHereAsync(
        string lease, long? after, IReadOnlyList<(KeyRange Range, long Lsn)>? ends, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var range in await _feed.RangesAsync(lease, cancellationToken))
        {
            var end = EndOf(KeyRange.Parse(range.ToJsonString()), ends);
            if (after >= end)
                continue;
            var over = false;
            await foreach (var page in _feed.ReadAsync(range, after, PageSize, cancellationToken, reading.Since))
            {
                foreach (var document in page.Documents)
                {
                    var place = reading.Turn?.PlaceOf(document) ?? TurnPlace.Here;
                    if (over = place == TurnPlace.Behind || PositionFeed.LsnOf(document) > end)
                        break;
                    if (place == TurnPlace.Here)
                        yield return document;
                }

                if (over)
                    break;
            }
        }
    }

    // The parts of a partition that was split go on from where it was.
    private static long EndOf(KeyRange range, IReadOnlyList<(KeyRange Range, long Lsn)>? ends) => ends is null
        ? long.MaxValue
        : ends.Where(end => end.Range.Contains(range) || range.Contains(end.Range)).Select(end => end.Lsn).DefaultIfEmpty(long.MaxValue).Max();
}
