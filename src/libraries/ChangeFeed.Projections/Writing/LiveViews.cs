using System.Collections.Concurrent;
using ChangeFeed.EventStore;
using ChangeFeed.Projections.Versions;

namespace ChangeFeed.Projections.Writing;

/// <summary>Keeps every version of every view up to date, in the order the view's directory entry says.</summary>
/// <param name="views">The views.</param>
/// <param name="directory">Knows their versions.</param>
/// <param name="containers">Where they are.</param>
/// <param name="store">Reads events that a view has missed.</param>
/// <param name="enrichment">Adds what does not come from events; null where no view shows any.</param>
/// <param name="recent">Streams known from the feed, which need not be read; null to read them.</param>
public sealed class LiveViews(
    IEnumerable<IView> views, ViewDirectory directory, ViewDatabase containers, CosmosEventStore store, IViewEnrichment? enrichment = null,
    RecentStreams? recent = null)
{
    private readonly Dictionary<string, IView> _views = views.ToDictionary(v => v.Name);
    private readonly ConcurrentDictionary<(string View, int Version), FoldingWriter> _writers = new();

    /// <summary>Applies an event to every version of a view.</summary>
    public Task ApplyAsync(string view, RecordedEvent e, CancellationToken cancellationToken) => ApplyAsync(view, e, [], cancellationToken);

    /// <summary>Applies an event to every version of a view, and with it those of its stream that follow it, where they can be applied.</summary>
    public async Task ApplyAsync(string view, RecordedEvent e, IReadOnlyList<RecordedEvent> ahead, CancellationToken cancellationToken)
    {
        var versions = await directory.GetAsync(view, cancellationToken);
        foreach (var version in versions.Write)
            await Writer(view, version).ApplyAsync(e, ahead, cancellationToken);
    }

    private FoldingWriter Writer(string view, int version) => _writers.GetOrAdd(
        (view, version),
        key => new(_views[key.View].CreateWriter(containers.Version(key.View, key.Version), Read, enrichment)));

    // Events do not change, so what is known up to the last one wanted is as good as what is there.
    private IAsyncEnumerable<RecordedEvent> Read(string stream, long from, long to, CancellationToken stop) => recent?.Find(stream, to) is { } known
        ? known.Skip((int)from).Take((int)(to - from) + 1).ToAsyncEnumerable()
        : store.ReadAsync(stream, from, to, stop);
}
