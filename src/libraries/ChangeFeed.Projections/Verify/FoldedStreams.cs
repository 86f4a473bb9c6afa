using ChangeFeed.EventStore;
using ChangeFeed.EventStore.Cosmos;
using ChangeFeed.MassTransit;
using ChangeFeed.Projections.Comparison;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.Projections.Verify;

/// <summary>
/// A share of all streams: those whose hash falls to one of so many passes. It bounds what is in memory: however many events there
/// are, a pass folds only so many streams.
/// </summary>
internal readonly record struct StreamShare(int Pass, int Passes)
{
    // Shares are intervals of the hash, so that half a share is a share again.
    public bool Has(string stream) => (long)(((ulong)(uint)ContentHash.Of(stream) * (ulong)Passes) >> 32) == Pass;
}

/// <summary>There are too many streams in a share; it must be made smaller.</summary>
internal sealed class TooManyStreamsException : Exception;

/// <summary>The streams of a share, folded for every view, from the feed.</summary>
internal sealed class FoldedStreams(ChangeFeedReader reader, IReadOnlyList<IView> views, StreamShare share, int maxStreams)
{
    private sealed class Stream(int views)
    {
        public long Next { get; set; }

        public object?[] States { get; } = new object?[views];
    }

    private Dictionary<string, Stream>[] _ranges = [];
    private int _count;
    private long _events;

    public int Streams => _ranges.Sum(r => r.Count);

    public long Events => _events;

    /// <exception cref="TooManyStreamsException">The share does not fit into memory.</exception>
    public async Task ReadAsync(IProgressDisplay progress, CancellationToken cancellationToken)
    {
        IEnumerable<string?> containers;
        do
        {
            var ranges = await reader.RangesAsync(cancellationToken);
            // A stream is in one range, so each range has a table of its own, and nothing is shared between the readers.
            _ranges = [.. ranges.Select(_ => new Dictionary<string, Stream>())];
            (_count, _events) = (0, 0);
            containers = await Task.WhenAll(ranges.Select((range, i) =>
                Task.Run(() => ReadAsync(range, _ranges[i], progress, cancellationToken), cancellationToken)));
        }
        while (containers.Distinct().Count() > 1); // the events moved meanwhile, and a stream is in another range there
    }

    /// <summary>The documents there should be of a view, by the hash of their key; with the key, since some may be missing.</summary>
    public Dictionary<UInt128, (ViewKey Key, DocumentFacts Facts)> Documents(int view)
    {
        var documents = new Dictionary<UInt128, (ViewKey, DocumentFacts)>();
        foreach (var stream in _ranges.SelectMany(r => r.Values))
        {
            foreach (var (key, facts) in views[view].Documents(stream.States[view]))
                documents[KeyHash.Of(key)] = (key, facts);
        }

        return documents;
    }

    /// <returns>The container it was.</returns>
    private async Task<string?> ReadAsync(
        FeedRange range, Dictionary<string, Stream> streams, IProgressDisplay progress, CancellationToken cancellationToken)
    {
        var position = "{}";
        await foreach (var page in reader.ReadAsync(new FeedReadOptions { Range = range }, cancellationToken))
        {
            foreach (var e in page.Events)
                Add(streams, e);
            Interlocked.Add(ref _events, page.Events.Count);
            progress.Advance(page.Events.Count);
            position = page.Position;
        }

        return FeedReadPage.ContainerOf(position);
    }

    private void Add(Dictionary<string, Stream> streams, RecordedEvent e)
    {
        if (!streams.TryGetValue(e.StreamId, out var stream))
        {
            if (!share.Has(e.StreamId))
                return;
            if (Interlocked.Increment(ref _count) > maxStreams)
                throw new TooManyStreamsException();
            streams[e.StreamId] = stream = new Stream(views.Count);
        }

        // Behind an event that cannot be read a stream ends, as it does for the running views.
        if (e.Version != stream.Next)
            return;
        stream.Next++;
        for (var i = 0; i < views.Count; i++)
            stream.States[i] = views[i].Fold(stream.States[i], e);
    }
}
