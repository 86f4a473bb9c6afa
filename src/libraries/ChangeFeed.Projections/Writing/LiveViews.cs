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
public sealed class LiveViews(
    IEnumerable<IView> views, ViewDirectory directory, ViewDatabase containers, CosmosEventStore store, IViewEnrichment? enrichment = null)
{
    private readonly Dictionary<string, IView> _views = views.ToDictionary(v => v.Name);
    private readonly ConcurrentDictionary<(string View, int Version), IViewWriter> _writers = new();

    /// <summary>Applies an event to every version of a view.</summary>
    public async Task ApplyAsync(string view, RecordedEvent e, CancellationToken cancellationToken)
    {
        var versions = await directory.GetAsync(view, cancellationToken);
        foreach (var version in versions.Write)
            await Writer(view, version).ApplyAsync([e], cancellationToken);
    }

    private IViewWriter Writer(string view, int version) => _writers.GetOrAdd(
        (view, version),
        key => _views[key.View].CreateWriter(
            containers.Version(key.View, key.Version), (stream, from, to, stop) => store.ReadAsync(stream, from, to, stop), enrichment));
}
