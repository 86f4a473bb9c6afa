using ChangeFeed.Projections;
using ChangeFeed.Projections.Rebuild;
using ChangeFeed.Projections.Versions;
using ChangeFeed.ServiceDefaults;
using Orders.Hosting;

namespace Orders.Views.Tools;

/// <summary>Prints which versions of each view there are.</summary>
internal static class VersionList
{
    public static async Task PrintAsync(ViewDatabase containers, IReadOnlyList<IView> views, TextWriter output, CancellationToken cancellationToken)
    {
        foreach (var view in views)
        {
            var store = new RebuildStore(containers, view.Name);
            var (versions, _) = await store.VersionsAsync(cancellationToken);
            foreach (var version in versions.Write.Order())
                await output.WriteLineAsync($"{view.Name} v{version}  {await StateAsync(store, versions, version, cancellationToken)}");
        }
    }

    private static async Task<string> StateAsync(RebuildStore store, ViewVersions versions, int version, CancellationToken cancellationToken)
    {
        if (version == versions.Serving)
            return "serves";
        if (version != versions.Building)
            return "kept up to date, not read";
        if (versions.Read.Contains(version))
            return "readers are being switched to it";
        if (await store.PlanAsync(version, cancellationToken) is not { } plan)
            return "being prepared";
        var ranges = await Task.WhenAll(Enumerable.Range(0, plan.Ranges.Count).Select(i => store.RangeAsync(version, plan, i, cancellationToken)));
        return $"being built: {ranges.Sum(r => r.Range.Events)} events, {ranges.Count(r => r.Range.Done)} of {ranges.Length} partitions done";
    }
}
