using System.Net;
using System.Text.Json;
using ChangeFeed.EventStore.Cosmos;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.MassTransit;

/// <summary>Pauses and resumes endpoints while they run, from anywhere: the command is a document that every instance polls.</summary>
/// <param name="container">The container of controls, partition key <c>/endpoint</c>.</param>
/// <param name="time">The clock that dates commands.</param>
public sealed class ChangeFeedControls(Container container, TimeProvider time)
{
    private const int KeptHistory = 50;

    /// <summary>The command in force for an endpoint; null when there never was one.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="CosmosException">The store refused, or cannot be reached.</exception>
    public async Task<EndpointControl?> GetAsync(string endpoint, CancellationToken cancellationToken = default) =>
        (await container.FindAsync(endpoint, endpoint, ControlJson.Default.EndpointControl, cancellationToken))?.Document;

    /// <summary>The commands in force of all endpoints that ever had one.</summary>
    public async Task<IReadOnlyList<EndpointControl>> AllAsync(CancellationToken cancellationToken = default) => await container.QueryAsync(
        new QueryDefinition("SELECT * FROM c WHERE NOT IS_DEFINED(c.kind)"),
        document => document.Deserialize(ControlJson.Default.EndpointControl)!,
        cancellationToken: cancellationToken);

    /// <summary>What the instances of all endpoints said last of how they stand; those that are silent for too long are not among them.</summary>
    public async Task<IReadOnlyList<EndpointHeartbeat>> HeartbeatsAsync(CancellationToken cancellationToken = default) => await container.QueryAsync(
        new QueryDefinition("SELECT * FROM c WHERE c.kind = @kind AND c.at > @after")
            .WithParameter("@kind", EndpointHeartbeat.KindName)
            .WithParameter("@after", time.GetUtcNow() - EndpointHeartbeat.Lifetime),
        document => document.Deserialize(HeartbeatJson.Default.EndpointHeartbeat)!,
        cancellationToken: cancellationToken);

    /// <summary>Lets every instance of an endpoint handle nothing new, within <see cref="ChangeFeedOptions.ControlInterval"/>.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="by">Who commands it.</param>
    /// <param name="reason">Why; kept.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<EndpointControl> PauseAsync(string endpoint, string by, string reason, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        return SetAsync(endpoint, paused: true, by, reason, cancellationToken);
    }

    /// <summary>Lets an endpoint go on.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="by">Who commands it.</param>
    /// <param name="reason">Why; kept.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
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
                : await container.ReplaceItemStreamAsync(
                    body, endpoint, new PartitionKey(endpoint), new ItemRequestOptions { IfMatchEtag = before.ETag }, cancellationToken);
            if (response.StatusCode is HttpStatusCode.Conflict or HttpStatusCode.PreconditionFailed)
                continue;
            response.EnsureSuccessStatusCode();
            return control;
        }
    }
}
