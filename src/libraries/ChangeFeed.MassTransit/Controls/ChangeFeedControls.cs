using System.Net;
using System.Text.Json;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.MassTransit;

/// <summary>Pauses and resumes endpoints while they run, from anywhere: the order is a document that every instance looks at.</summary>
public sealed class ChangeFeedControls(Container container, TimeProvider time)
{
    private const int KeptHistory = 50;

    /// <summary>The order in force; null when there never was one.</summary>
    public async Task<EndpointControl?> GetAsync(string endpoint, CancellationToken cancellationToken = default)
    {
        using var response = await container.ReadItemStreamAsync(endpoint, new PartitionKey(endpoint), cancellationToken: cancellationToken);
        if (response.StatusCode == HttpStatusCode.NotFound)
            return null;
        response.EnsureSuccessStatusCode();
        return await JsonSerializer.DeserializeAsync(response.Content, ControlJson.Default.EndpointControl, cancellationToken);
    }

    /// <summary>The orders in force of all endpoints that ever had one.</summary>
    public async Task<IReadOnlyList<EndpointControl>> AllAsync(CancellationToken cancellationToken = default)
    {
        var found = new List<EndpointControl>();
        using var pages = container.GetItemQueryStreamIterator(new QueryDefinition("SELECT * FROM c WHERE NOT IS_DEFINED(c.kind)"));
        while (pages.HasMoreResults)
        {
            using var page = await pages.ReadNextAsync(cancellationToken);
            page.EnsureSuccessStatusCode();
            using var json = await JsonDocument.ParseAsync(page.Content, cancellationToken: cancellationToken);
            found.AddRange(json.RootElement.GetProperty("Documents"u8).EnumerateArray().Select(document => document.Deserialize(ControlJson.Default.EndpointControl)!));
        }

        return found;
    }

    /// <summary>What the instances of all endpoints said last of how they stand; those that are silent for too long are not among them.</summary>
    public async Task<IReadOnlyList<EndpointHeartbeat>> HeartbeatsAsync(CancellationToken cancellationToken = default)
    {
        var found = new List<EndpointHeartbeat>();
        using var pages = container.GetItemQueryStreamIterator(
            new QueryDefinition("SELECT * FROM c WHERE c.kind = @kind AND c.at > @after")
                .WithParameter("@kind", EndpointHeartbeat.KindName)
                .WithParameter("@after", time.GetUtcNow() - EndpointHeartbeat.Lifetime));
        while (pages.HasMoreResults)
        {
            using var page = await pages.ReadNextAsync(cancellationToken);
            page.EnsureSuccessStatusCode();
            using var json = await JsonDocument.ParseAsync(page.Content, cancellationToken: cancellationToken);
            found.AddRange(json.RootElement.GetProperty("Documents"u8).EnumerateArray().Select(document => document.Deserialize(HeartbeatJson.Default.EndpointHeartbeat)!));
        }

        return found;
    }

    /// <summary>Lets every instance of an endpoint handle nothing new, within <see cref="ChangeFeedOptions.ControlInterval"/>.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="by">Who orders it.</param>
    /// <param name="reason">Why; kept.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<EndpointControl> PauseAsync(string endpoint, string by, string reason, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        return SetAsync(endpoint, paused: true, by, reason, cancellationToken);
    }

    /// <summary>Lets an endpoint go on.</summary>
    public Task<EndpointControl> ResumeAsync(string endpoint, string by, string? reason = null, CancellationToken cancellationToken = default) =>
        SetAsync(endpoint, paused: false, by, reason, cancellationToken);

    private async Task<EndpointControl> SetAsync(string endpoint, bool paused, string by, string? reason, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(by);
        while (true)
        {
            var before = await GetAsync(endpoint, cancellationToken);
            var control = new EndpointControl
            {
                Id = endpoint,
                Endpoint = endpoint,
                Paused = paused,
                By = by,
                Reason = reason,
                At = time.GetUtcNow(),
                History = before is null ? [] : [new(before.Paused, before.By, before.Reason, before.At), .. before.History.Take(KeptHistory - 1)],
            };
            using var body = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(control, ControlJson.Default.EndpointControl), writable: false);
            using var response = before is null
                ? await container.CreateItemStreamAsync(body, new PartitionKey(endpoint), cancellationToken: cancellationToken)
                : await container.ReplaceItemStreamAsync(body, endpoint, new PartitionKey(endpoint), new ItemRequestOptions { IfMatchEtag = before.ETag }, cancellationToken);
            if (response.StatusCode is HttpStatusCode.Conflict or HttpStatusCode.PreconditionFailed)
                continue;
            response.EnsureSuccessStatusCode();
            return control;
        }
    }
}
