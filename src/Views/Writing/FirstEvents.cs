using System.Collections.Concurrent;
using OrderPipeline.Contracts;
using OrderPipeline.EventStore;

namespace OrderPipeline.Views;

/// <summary>Something the first event of a stream tells, remembered for the streams that are alive.</summary>
internal sealed class FirstEvents<T>(Func<RecordedEvent, T> tell, ReadStream readStream)
{
    private const int Remembered = 20_000;

    // Emptied when full: the streams that are alive are in it again at once.
    private readonly ConcurrentDictionary<string, T> _known = new();

    public async ValueTask<T> OfAsync(RecordedEvent e, CancellationToken cancellationToken)
    {
        if (e.Version == 0)
            return Remember(e);
        if (_known.TryGetValue(e.StreamId, out var known))
            return known;
        await foreach (var first in readStream(e.StreamId, 0, 0, cancellationToken))
            return Remember(first);
        throw new StaleReadException(e.StreamId, e.Version);
    }

    private T Remember(RecordedEvent first)
    {
        if (_known.Count >= Remembered)
            _known.Clear();
        return _known[first.StreamId] = tell(first);
    }
}
