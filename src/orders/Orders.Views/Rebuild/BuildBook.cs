using System.Net;
using System.Text.Json.Serialization;
using Microsoft.Azure.Cosmos;
using ChangeFeed.ServiceDefaults;
using Orders.Hosting;
using ChangeFeed.ServiceDefaults.Views;

namespace Orders.Views.Rebuild;

/// <summary>One partition of the events, and how far a version was built from it.</summary>
public sealed record BuildRange(
    [property: JsonPropertyName("id")] string Id,
    [property: JsonPropertyName("view")] string View,
    [property: JsonPropertyName("version")] int Version,
    [property: JsonPropertyName("range")] string Range)
{
    /// <summary>Where to go on reading; null at the beginning.</summary>
    [JsonPropertyName("position")]
    public string? Position { get; init; }

    /// <summary>Events that are in the version.</summary>
    [JsonPropertyName("events")]
    public long Events { get; init; }

    /// <summary>Whether the end was reached.</summary>
    [JsonPropertyName("done")]
    public bool Done { get; init; }

    /// <summary>The process that builds it, until the time it said it will have shown itself again.</summary>
    [JsonPropertyName("owner")]
    public string? Owner { get; init; }

    /// <summary>When the owner counts as gone, UTC.</summary>
    [JsonPropertyName("until")]
    public DateTimeOffset Until { get; init; }
}

/// <summary>The partitions a version is built from; written when building may begin.</summary>
public sealed record BuildPlan(
    [property: JsonPropertyName("id")] string Id,
    [property: JsonPropertyName("view")] string View,
    [property: JsonPropertyName("ranges")] IReadOnlyList<string> Ranges);

/// <summary>What container <c>views</c> keeps of a view: which versions there are, and how far the one being built is.</summary>
public sealed class BuildBook(OrdersDatabase database, string view)
{
    private readonly PartitionKey _partition = new(view);

    /// <summary>The versions as they stand, with the etag to change them by; null where the view was never rebuilt.</summary>
    public async Task<(ViewVersions Versions, string? ETag)> VersionsAsync(CancellationToken cancellationToken) =>
        await ReadAsync<ViewEntry>(ViewEntry.Document, cancellationToken) is { } entry ? (entry.Item.Versions, entry.ETag) : (ViewVersions.First, null);

    /// <summary>Changes the versions.</summary>
    /// <returns>False when somebody else did since they were read.</returns>
    public Task<bool> TrySetVersionsAsync(ViewVersions versions, string? etag, CancellationToken cancellationToken) =>
        TryWriteAsync(new ViewEntry(ViewEntry.Document, view, versions), ViewEntry.Document, etag, cancellationToken);

    /// <summary>The plan of a version; null before building may begin.</summary>
    public async Task<BuildPlan?> PlanAsync(int version, CancellationToken cancellationToken) =>
        (await ReadAsync<BuildPlan>(PlanId(version), cancellationToken))?.Item;

    /// <summary>Writes the plan, if there is none yet.</summary>
    public Task CreatePlanAsync(int version, IReadOnlyList<string> ranges, CancellationToken cancellationToken) =>
        TryWriteAsync(new BuildPlan(PlanId(version), view, ranges), PlanId(version), null, cancellationToken);

    /// <summary>A range of a plan, and its etag; null when nobody has begun with it.</summary>
    public async Task<(BuildRange Range, string? ETag)> RangeAsync(int version, BuildPlan plan, int index, CancellationToken cancellationToken) =>
        await ReadAsync<BuildRange>($"{plan.Id}-{index}", cancellationToken) is { } found
            ? (found.Item, found.ETag)
            : (new BuildRange($"{plan.Id}-{index}", view, version, plan.Ranges[index]), null);

    /// <summary>Writes how far a range is.</summary>
    /// <returns>The new etag; null when somebody else wrote it since it was read.</returns>
    public async Task<string?> TrySetRangeAsync(BuildRange range, string? etag, CancellationToken cancellationToken)
    {
        try
        {
            var options = new ItemRequestOptions { IfMatchEtag = etag, EnableContentResponseOnWrite = false };
            var response = etag is null
                ? await database.Views.CreateItemAsync(range, _partition, options, cancellationToken)
                : await database.Views.ReplaceItemAsync(range, range.Id, _partition, options, cancellationToken);
            return response.ETag;
        }
        catch (CosmosException e) when (e.StatusCode is HttpStatusCode.Conflict or HttpStatusCode.PreconditionFailed or HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    /// <summary>Forgets how a version was built.</summary>
    public async Task ForgetAsync(int version, CancellationToken cancellationToken)
    {
        var plan = await PlanAsync(version, cancellationToken);
        // The plan last: as long as it is there, forgetting can be finished.
        foreach (var id in Enumerable.Range(0, plan?.Ranges.Count ?? 0).Select(i => $"{plan!.Id}-{i}").Append(PlanId(version)))
            (await database.Views.DeleteItemStreamAsync(id, _partition, cancellationToken: cancellationToken)).Dispose();
    }

    private static string PlanId(int version) => $"build-v{version}";

    private async Task<(T Item, string ETag)?> ReadAsync<T>(string id, CancellationToken cancellationToken)
    {
        try
        {
            var response = await database.Views.ReadItemAsync<T>(id, _partition, cancellationToken: cancellationToken);
            return (response.Resource, response.ETag);
        }
        catch (CosmosException e) when (e.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    private async Task<bool> TryWriteAsync<T>(T item, string id, string? etag, CancellationToken cancellationToken)
    {
        try
        {
            if (etag is null)
                await database.Views.CreateItemAsync(item, _partition, cancellationToken: cancellationToken);
            else
                await database.Views.ReplaceItemAsync(item, id, _partition, new ItemRequestOptions { IfMatchEtag = etag }, cancellationToken);
            return true;
        }
        catch (CosmosException e) when (e.StatusCode is HttpStatusCode.Conflict or HttpStatusCode.PreconditionFailed)
        {
            return false;
        }
    }
}
