using System.Text.Json;
using System.Text.Json.Serialization;
using ChangeFeed.EventStore.Cosmos;
using ChangeFeed.MassTransit;
using Microsoft.Azure.Cosmos;
using Orders.Hosting;

namespace Orders.CustomerCare.DeadLetters;

/// <summary>What is parked, at whatever endpoint.</summary>
internal sealed class ParkedOrders(OrdersDatabase database)
{
    /// <summary>Most streams shown at once; more than that wants a look at the service instead of at its events.</summary>
    public const int Most = 200;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    /// <summary>Parked streams, those parked longest first. The container holds nothing but what failed, so all of its partitions are few documents.</summary>
    public Task<IReadOnlyList<ParkedStream>> ReadAsync(ParkedFilter filter, CancellationToken cancellationToken) =>
        QueryAsync<ParkedStream>(filter.Query($"TOP {Most} *", "ORDER BY c.parkedAt"), cancellationToken, filter.Service);

    /// <summary>All that match, by service and id.</summary>
    public async Task<IReadOnlyList<ParkedKey>> KeysAsync(ParkedFilter filter, CancellationToken cancellationToken) =>
        [.. (await QueryAsync<ParkedKey>(filter.Query("c.endpoint, c.streamId, c.parkedAt"), cancellationToken, filter.Service))
            .OrderBy(key => key.Endpoint, StringComparer.Ordinal).ThenBy(key => key.StreamId, StringComparer.Ordinal)];

    /// <summary>The next that match at one service, by id.</summary>
    public Task<IReadOnlyList<string>> NextAsync(ParkedFilter filter, string service, string after, int most, CancellationToken cancellationToken) =>
        QueryAsync<string>(
        filter.Query($"TOP {most} VALUE c.streamId", "AND c.streamId > @after ORDER BY c.streamId").WithParameter("@after", after), cancellationToken, service);

    /// <summary>Where a stream is parked.</summary>
    public Task<IReadOnlyList<ParkedStream>> OfAsync(string streamId, CancellationToken cancellationToken) => QueryAsync<ParkedStream>(
        new QueryDefinition("SELECT * FROM c WHERE c.kind = 'stream' AND c.status = 'Parked' AND c.streamId = @stream").WithParameter("@stream", streamId),
        cancellationToken);

    private async Task<IReadOnlyList<T>> QueryAsync<T>(QueryDefinition query, CancellationToken cancellationToken, string? endpoint = null) =>
        await database.DeadLetters.QueryAsync(
            query,
            document => document.Deserialize<T>(Json)!,
            new QueryRequestOptions { PartitionKey = endpoint is null ? null : new PartitionKey(endpoint) },
            cancellationToken);
}

/// <summary>Which stream is parked where, and since when.</summary>
public sealed record ParkedKey(string Endpoint, string StreamId, DateTimeOffset ParkedAt);
