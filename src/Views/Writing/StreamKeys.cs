using System.Collections.Concurrent;
using OrderPipeline.Contracts;
using OrderPipeline.EventStore;

namespace OrderPipeline.Views;

/// <summary>Finds the key of a stream's document where only the first event of the stream tells it.</summary>
internal sealed class StreamKeys(Func<RecordedEvent, ViewKey?> keyOf, ReadStream readStream)
{
    private const int Remembered = 20_000;

    // Emptied when full: the streams that are alive are in it again at once.
    private readonly ConcurrentDictionary<string, ViewKey?> _keys = new();

    public async ValueTask<ViewKey?> FindAsync(RecordedEvent e, CancellationToken cancellationToken)
    {
        if (keyOf(e) is { } key)
            return e.Version == 0 ? Remember(e.StreamId, key) : key;
        if (e.Version == 0)
            return Remember(e.StreamId, null);
        if (_keys.TryGetValue(e.StreamId, out var known))
            return known;
        await foreach (var first in readStream(e.StreamId, 0, 0, cancellationToken))
            return Remember(e.StreamId, keyOf(first));
        throw new StaleReadException(e.StreamId, e.Version);
    }

    private ViewKey? Remember(string streamId, ViewKey? key)
    {
        if (_keys.Count >= Remembered)
            _keys.Clear();
        return _keys[streamId] = key;
    }
}
