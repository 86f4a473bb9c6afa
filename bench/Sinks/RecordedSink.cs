using System.Diagnostics;
using ChangeFeed.Sinks;

namespace Bench.Sinks;

/// <summary>A sink that notes what it is given, batch by batch, and says when it has the last of every order.</summary>
internal sealed class RecordedSink<TItem>(ISink<TItem> sink, Func<TItem, (string Order, long Version)> placeOf, int orders, long lastVersion)
    : ISink<TItem>, IDisposable
{
    private readonly HashSet<string> _complete = [];
    private readonly TaskCompletionSource<long> _all = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public List<IReadOnlyList<TItem>> Batches { get; } = [];

    /// <summary>When the last one was safe, as a timestamp.</summary>
    public Task<long> All => _all.Task;

    public async Task WriteAsync(IReadOnlyList<TItem> batch, CancellationToken cancellationToken)
    {
        await sink.WriteAsync(batch, cancellationToken);
        lock (Batches)
        {
            Batches.Add(batch);
            _complete.UnionWith(batch.Select(placeOf).Where(place => place.Version == lastVersion).Select(place => place.Order));
            if (_complete.Count == orders)
                _all.TrySetResult(Stopwatch.GetTimestamp());
        }
    }

    public void Dispose() => (sink as IDisposable)?.Dispose();
}
