using ChangeFeed.EventStore;
using System.Collections.Concurrent;
using Orders.Contracts;
using Orders.Hosting;
using ChangeFeed.ServiceDefaults.Views;
using Orders.Views.Denormalisation;

namespace Orders.Views;

/// <summary>Keeps every version of every view up to date, in the order the view's directory entry says.</summary>
public sealed class LiveViews(IEnumerable<IView> views, ViewDirectory directory, OrdersDatabase database, CosmosEventStore store, KnownNames names)
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
        key => _views[key.View].CreateWriter(database.View(key.View, key.Version), (stream, from, to, ct) => store.ReadAsync(stream, from, to, ct), names));
}
