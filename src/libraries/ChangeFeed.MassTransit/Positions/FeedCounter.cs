using System.Text.Json;

namespace ChangeFeed.MassTransit.Positions;

/// <summary>Counts what lies between two positions of the partitions of an endpoint.</summary>
/// <param name="feed">The feed.</param>
/// <param name="most">Events after which it stops.</param>
internal sealed class FeedCounter(PositionFeed feed, int most)
{
    private const string NoEvent = "(no event)";

    private readonly SortedDictionary<string, long> _types = new(StringComparer.Ordinal);
    private readonly HashSet<string> _streams = new(StringComparer.Ordinal);
    private long _events;
    private DateTimeOffset? _first;
    private DateTimeOffset? _last;
    private double _requestUnits;
    private bool _isComplete = true;

    public FeedTally Tally => new(_events, _types, _streams.Count, _first, _last, Math.Round(_requestUnits, 1), _isComplete);

    /// <summary>Counts what one lease has after one position, up to another.</summary>
    /// <returns>How many events those are, as far as counted.</returns>
    public async Task<long> AddAsync(string range, long? after, long upTo, CancellationToken cancellationToken)
    {
        var before = _events;
        foreach (var partition in await feed.RangesAsync(range, cancellationToken))
            await foreach (var page in feed.ReadAsync(partition, after, 1000, cancellationToken))
            {
                _requestUnits += page.RequestCharge;
                var more = true;
                foreach (var document in page.Documents)
                    if (!(more = Add(document, upTo)))
                        break;
                if (!more)
                    break;
            }

        return _events - before;
    }

    private bool Add(JsonElement document, long upTo)
    {
        var place = PositionFeed.PlaceOf(document);
        if (place.Lsn > upTo)
            return false;
        if (_events == most)
            return _isComplete = false;
        _events++;
        _types[place.Type ?? NoEvent] = _types.GetValueOrDefault(place.Type ?? NoEvent) + 1;
        _streams.Add(place.StreamId);
        _first = _first < place.At ? _first : place.At;
        _last = _last > place.At ? _last : place.At;
        return true;
    }
}
