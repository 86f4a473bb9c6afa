using System.Text.Json.Serialization.Metadata;
using ChangeFeed.EventStore;
using ChangeFeed.EventStore.Cosmos;
using ChangeFeed.Projections.Versions;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.Projections.Rebuild;

/// <summary>Keeps which versions of a view there are, and how far the one being built is.</summary>
/// <param name="containers">Where that is kept.</param>
/// <param name="view">The view.</param>
public sealed class RebuildStore(ViewDatabase containers, string view)
{
    private readonly Container _documents = containers.Metadata;

    /// <summary>The versions as they stand, with the etag to change them by; null where the view was never rebuilt.</summary>
    public async Task<(ViewVersions Versions, string? ETag)> VersionsAsync(CancellationToken cancellationToken) =>
        await FindAsync(ViewEntry.Document, ViewMetadataJson.Default.ViewEntry, cancellationToken) is { } entry
            ? (entry.Document.Versions, entry.ETag)
            : (ViewVersions.First, null);

    /// <summary>Changes the versions.</summary>
    /// <returns>False when somebody else did since they were read.</returns>
    public async Task<bool> TrySetVersionsAsync(ViewVersions versions, string? etag, CancellationToken cancellationToken) =>
        await TryWriteAsync(
            ViewEntry.Document, new ViewEntry(ViewEntry.Document, view, versions), etag, ViewMetadataJson.Default.ViewEntry, cancellationToken) is not null;

    /// <summary>The plan of a version; null before building may begin.</summary>
    public async Task<BuildPlan?> PlanAsync(int version, CancellationToken cancellationToken) =>
        (await FindAsync(PlanId(version), ViewMetadataJson.Default.BuildPlan, cancellationToken))?.Document;

    /// <summary>Writes the plan, if there is none yet.</summary>
    public Task CreatePlanAsync(int version, IReadOnlyList<string> ranges, CancellationToken cancellationToken) =>
        TryWriteAsync(PlanId(version), new BuildPlan(PlanId(version), view, ranges), null, ViewMetadataJson.Default.BuildPlan, cancellationToken);

    /// <summary>A range of a plan, and its etag; null when nobody has begun with it.</summary>
    public async Task<(BuildRange Range, string? ETag)> RangeAsync(int version, BuildPlan plan, int index, CancellationToken cancellationToken) =>
        await FindAsync($"{plan.Id}-{index}", ViewMetadataJson.Default.BuildRange, cancellationToken) is { } found
            ? found
            : (new BuildRange($"{plan.Id}-{index}", view, version, plan.Ranges[index]), null);

    /// <summary>Writes how far a range is.</summary>
    /// <returns>The new etag; null when somebody else wrote it since it was read.</returns>
    public Task<string?> TrySetRangeAsync(BuildRange range, string? etag, CancellationToken cancellationToken) =>
        TryWriteAsync(range.Id, range, etag, ViewMetadataJson.Default.BuildRange, cancellationToken);

    /// <summary>Forgets how a version was built.</summary>
    public async Task ForgetAsync(int version, CancellationToken cancellationToken)
    {
        var plan = await PlanAsync(version, cancellationToken);
        // The plan last: as long as it is there, forgetting can be finished.
        foreach (var id in Enumerable.Range(0, plan?.Ranges.Count ?? 0).Select(i => $"{plan!.Id}-{i}").Append(PlanId(version)))
            (await _documents.DeleteItemStreamAsync(id, new PartitionKey(view), cancellationToken: cancellationToken)).Dispose();
    }

    private static string PlanId(int version) => $"build-v{version}";

    private Task<(T Document, string ETag)?> FindAsync<T>(string id, JsonTypeInfo<T> json, CancellationToken cancellationToken)
        where T : class => _documents.FindAsync(id, view, json, cancellationToken);

    private Task<string?> TryWriteAsync<T>(string id, T document, string? etag, JsonTypeInfo<T> json, CancellationToken cancellationToken)
        where T : class => _documents.TryWriteAsync(id, view, document, etag, json, cancellationToken);
}
