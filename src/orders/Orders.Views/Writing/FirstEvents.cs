using Orders.Contracts;
using ChangeFeed.EventStore;

namespace Orders.Views;

/// <summary>Something the first event of a stream tells, remembered for the streams that are alive.</summary>
internal sealed class FirstEvents<T>(Func<RecordedEvent, T> tell, ReadStream readStream)
{
    private readonly Recent<string, T> _known = new(5_000);

    public async ValueTask<T> OfAsync(RecordedEvent e, CancellationToken cancellationToken)
    {
        if (e.Version == 0)
            return Remember(e);
        if (_known.TryGet(e.StreamId, out var known))
            return known;
        await foreach (var first in readStream(e.StreamId, 0, 0, cancellationToken))
            return Remember(first);
        throw new StaleReadException(e.StreamId, e.Version);
    }

    private T Remember(RecordedEvent first) => _known.Remember(first.StreamId, tell(first));
}
