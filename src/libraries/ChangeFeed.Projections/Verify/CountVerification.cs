using ChangeFeed.EventStore;
using ChangeFeed.EventStore.Cosmos;
using ChangeFeed.MassTransit;
using ChangeFeed.Projections.Comparison;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.Projections.Verify;

/// <summary>
/// Counts all events anew and compares with what a view has counted. A running system never stands still, so it is counted again until it is
/// equal; at the end, only documents count as wrong to which nothing was added meanwhile. In memory are the counters, and the first
/// events of the orders of one partition at a time.
/// </summary>
internal sealed class CountVerification(
    ICountedView view, Container container, ChangeFeedReader reader, TimeProvider time, TimeSpan settling, IProgressDisplay progress)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <returns>The number of documents there should be, and what is different.</returns>
    public async Task<(int Documents, IReadOnlyList<string> Differences)> RunAsync(CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        IReadOnlyDictionary<ViewKey, DocumentFacts> before = new Dictionary<ViewKey, DocumentFacts>();
        while (true)
        {
            var wanted = await CountAsync(cancellationToken);
            var found = await FoundAsync(cancellationToken);
            var different = wanted.Keys.Union(found.Keys).Where(key => !Equals(wanted, found, key)).ToList();
            if (different.Count == 0)
                return (wanted.Count, []);
            if (time.GetElapsedTime(started) > settling)
            {
                // Counted twice alike, and still something else in the view.
                var wrong = different.Where(key => Equals(wanted, before, key)).ToList();
                if (wrong.Count > 0 || before.Count > 0)
                    return (wanted.Count, [.. wrong.Take(Verifier.Enough).Select(key => Describe(key, wanted, found))]);
            }

            before = wanted;
            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    private async Task<IReadOnlyDictionary<ViewKey, DocumentFacts>> CountAsync(CancellationToken cancellationToken)
    {
        progress.Begin($"Counting all events for {view.Name}");
        var (count, containers) = (view.BeginCount(), new HashSet<string?>());
        foreach (var range in await reader.RangesAsync(cancellationToken))
        {
            var first = new Dictionary<string, (RecordedEvent First, long Next)>();
            await foreach (var page in reader.ReadAsync(new FeedReadOptions { Range = range }, cancellationToken))
            {
                foreach (var e in page.Events)
                {
                    var stream = e.Version == 0 ? (e, 0) : first.GetValueOrDefault(e.StreamId);
                    if (stream.First is null || e.Version != stream.Next)
                        continue; // behind an event that cannot be read, as for the running views
                    first[e.StreamId] = (stream.First, e.Version + 1);
                    count.Add(stream.First, e);
                }

                progress.Advance(page.Events.Count);
                containers.Add(FeedReadPage.ContainerOf(page.Position));
            }
        }

        // The events moved meanwhile, and a stream is in another range there.
        return containers.Count > 1 ? await CountAsync(cancellationToken) : count.Documents();
    }

    private async Task<Dictionary<ViewKey, DocumentFacts>> FoundAsync(CancellationToken cancellationToken)
    {
        var found = new Dictionary<ViewKey, DocumentFacts>();
        var scan = new ViewScan(view, container);
        foreach (var range in await container.GetFeedRangesAsync(cancellationToken))
        {
            await foreach (var document in scan.ReadAsync(range, cancellationToken))
                found[document.Key] = document.Facts ?? new DocumentFacts("", -1, 0);
        }

        // Made, and the first increment not yet.
        return found.Where(d => d.Value.Version != 0).ToDictionary();
    }

    private static bool Equals(IReadOnlyDictionary<ViewKey, DocumentFacts> one, IReadOnlyDictionary<ViewKey, DocumentFacts> other, ViewKey key) =>
        one.TryGetValue(key, out var a) == other.TryGetValue(key, out var b) && a == b;

    private string Describe(ViewKey key, IReadOnlyDictionary<ViewKey, DocumentFacts> wanted, Dictionary<ViewKey, DocumentFacts> found) =>
        (wanted.TryGetValue(key, out var w), found.TryGetValue(key, out var f)) switch
        {
            (_, false) => $"{container.Id}: '{key.Id}' of {key.PartitionKey} is missing; {w.Version} increments belong to it.",
            (false, _) => $"{container.Id}: '{key.Id}' of {key.PartitionKey} belongs to no events.",
            _ when f.Version != w.Version => $"{container.Id}: '{key.Id}' of {key.PartitionKey} has {f.Version} increments; the events give {w.Version}.",
            _ => $"{container.Id}: '{key.Id}' of {key.PartitionKey} has other counters than its {w.Version} increments give.",
        };
}
