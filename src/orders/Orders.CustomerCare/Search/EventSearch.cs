using ChangeFeed.EventStore;
using ChangeFeed.MassTransit;
using ChangeFeed.Projections.Versions;
using ChangeFeed.ServiceDefaults;
using Microsoft.Azure.Cosmos;
using Orders.Contracts;
using Orders.Hosting;

namespace Orders.CustomerCare.Search;

/// <summary>
/// Finds what happened lately by type of event and by who did it: reads the feed of events in spans of time, the latest first. It needs no view
/// of its own, which would cost a write per event for questions that are asked now and then.
/// </summary>
internal sealed class EventSearch(OrdersDatabase database, TimeProvider time)
{
    /// <summary>How far back is looked where nothing says from when.</summary>
    public static readonly TimeSpan Usual = TimeSpan.FromDays(1);

    private const int MaxEvents = 20_000;
    private const int FewEvents = MaxEvents / 4;
    private const double FewUnits = 100;

    // Well before a request is given up: what was not looked at by then, the next page looks at.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan ShortestSpan = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FirstSpan = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestSpan = TimeSpan.FromHours(6);

    // The feed goes by the store's clock and whole seconds, events by those of services.
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(2);

    /// <summary>A page; may be empty although there is more, when much had to be read for it.</summary>
    /// <param name="query">What is looked for.</param>
    /// <param name="after">Where the page before ended.</param>
    /// <param name="wanted">Orders that are enough.</param>
    /// <param name="units">Request units after which the page ends. A single second of events is read whole.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    public async Task<CandidatePage> FindAsync(SearchQuery query, PagePosition? after, int wanted, double units, CancellationToken cancellationToken)
    {
        var feeds = await FeedsAsync(cancellationToken);
        var end = after?.At ?? query.To ?? time.GetUtcNow() + Skew;
        var floor = query.From ?? (query.To ?? time.GetUtcNow()) - Usual;
        var (span, read, charge, started) = (FirstSpan, 0, 0d, time.GetTimestamp());
        var isFirst = true; // the page has to come further than the one before, whatever that costs
        while (end > floor && (isFirst || (read < MaxEvents && charge < units && time.GetElapsedTime(started) < Patience)))
        {
            var (reader, ranges, since) = feeds.First(feed => feed.Since < end);
            var least = since > floor ? since : floor;
            var start = end - least > span ? end - span : least;
            var (most, unitsEach) = span > ShortestSpan
                ? (MaxEvents / ranges.Count, Math.Max(units - charge, FewUnits) / ranges.Count)
                : (int.MaxValue, double.MaxValue);
            var spans = await Task.WhenAll(ranges.Select(range => ReadAsync(reader, range, start, end, (most, unitsEach), cancellationToken)));
            charge += spans.Sum(s => s.Charge);
            if (spans.Select(s => s.Container).OfType<string>().Distinct().Count() > 1)
                continue; // the events moved meanwhile, and a stream is in another range there
            if (spans.Any(s => s.IsTooMuch))
            {
                span = span / 4 > ShortestSpan ? span / 4 : ShortestSpan; // too much for once
                continue;
            }

            isFirst = false;
            read += spans.Sum(s => s.Read);
            var found = spans.SelectMany(s => s.Events)
                .Where(e => IsMeant(e, query) && !(e.Meta.At == after?.At && after.Delivered.Contains(e.StreamId)))
                .GroupBy(e => e.StreamId)
                .Select(same => new Candidate(same.Key, same.Max(e => e.Meta.At), null))
                .OrderByDescending(candidate => candidate.At)
                .ToList();
            if (found.Count > 0)
            {
                var page = found.Take(wanted).ToList();
                var next = found.Count > wanted ? PagePosition.After(after, [.. page.Select(c => (c.OrderId, c.At))]) : start > floor
                    ? new PagePosition(start, []) : null;
                return new CandidatePage(page, next, charge);
            }

            (end, after) = (start, null);
            span = read < FewEvents && span < LongestSpan ? span * 4 : span;
        }

        return new CandidatePage([], end > floor ? new PagePosition(end, []) : null, charge);
    }

    /// <summary>
    /// Where what happened is in the order in which it happened, the latest first, and since when. What was carried to the container that serves now is
    /// there by when it was carried: as long as there is the one where it happened, it is looked for there.
    /// </summary>
    private async Task<IReadOnlyList<(ChangeFeedReader Reader, IReadOnlyList<FeedRange> Ranges, DateTimeOffset Since)>> FeedsAsync(
        CancellationToken cancellationToken)
    {
        var now = new ChangeFeedReader(database.Events, OrderEvents.Map);
        var ranges = await now.RangesAsync(cancellationToken);
        var route = await database.EventFeed.GetAsync(0, cancellationToken);
        // Where endpoints began, everything came when it happened, or was carried back a moment later.
        if (route is not { Former: { Name: "", Container: var first }, Serving.Since: { } since })
            return [(now, ranges, DateTimeOffset.MinValue)];
        var before = new ChangeFeedReader(first, OrderEvents.Map);
        return [(now, ranges, since), (before, await before.RangesAsync(cancellationToken), DateTimeOffset.MinValue)];
    }

    private static bool IsMeant(RecordedEvent e, SearchQuery query) =>
        (query.Type is null || e.Type == query.Type) && (query.Service is null || e.Meta.By == query.Service);

    /// <summary>The events after <paramref name="start"/> up to <paramref name="end"/>; gives up after so many, or so many request units.</summary>
    private static async Task<(List<RecordedEvent> Events, int Read, double Charge, bool IsTooMuch, string? Container)> ReadAsync(
        ChangeFeedReader reader,
        FeedRange range,
        DateTimeOffset start,
        DateTimeOffset end,
        (int Events, double Units) most,
        CancellationToken cancellationToken)
    {
        var (events, read, charge, container) = (new List<RecordedEvent>(), 0, 0d, (string?)null);
        // The feed goes on to what is beyond the end: where there is nothing before it, one event tells so, and a whole page would cost hundreds of times as
        // much.
        var options = new FeedReadOptions { Range = range, Since = start - Skew, PageSize = (int)Math.Clamp(most.Units / 4, 20, 200) };
        await foreach (var page in reader.ReadAsync(options with { PageSize = 1 }, cancellationToken))
        {
            (charge, container) = (charge + page.RequestCharge, FeedReadPage.ContainerOf(page.Position));
            if (page.Events.Count > 0 && page.Events[0].Meta.At > end + Skew)
                return (events, read, charge, false, container);
            break;
        }

        await foreach (var page in reader.ReadAsync(options, cancellationToken))
        {
            read += page.Events.Count;
            charge += page.RequestCharge;
            events.AddRange(page.Events.Where(e => e.Meta.At > start && e.Meta.At <= end));
            if (page.Events.Count > 0 && page.Events.All(e => e.Meta.At > end + Skew))
                break;
            if (read > most.Events || charge > most.Units)
                return (events, read, charge, true, container);
        }

        return (events, read, charge, false, container);
    }
}
