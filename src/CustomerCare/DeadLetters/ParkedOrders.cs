using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Azure.Cosmos;
using OrderPipeline.ChangeFeed;
using OrderPipeline.ServiceDefaults;

namespace OrderPipeline.CustomerCare.DeadLetters;

/// <summary>What is parked, at whatever endpoint.</summary>
internal sealed class ParkedOrders(OrdersDatabase database)
{
    /// <summary>Most streams shown at once; more than that wants a look at the service instead of at its events.</summary>
    public const int Most = 200;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    /// <summary>Parked streams, those parked longest first. The container holds nothing but what failed, so all of its partitions are few documents.</summary>
    /// <param name="endpoint">Only those of this endpoint, which is one partition.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    public Task<IReadOnlyList<ParkedStream>> ReadAsync(string? endpoint, CancellationToken cancellationToken) => QueryAsync<ParkedStream>(
        new QueryDefinition($"SELECT TOP {Most} * FROM c WHERE c.kind = 'stream' AND c.status = 'Parked' ORDER BY c.parkedAt"), cancellationToken, endpoint);

    /// <summary>What somebody has asked for since a moment, and what came of it.</summary>
    public Task<IReadOnlyList<DeadLetterRequest>> AskedAsync(string by, DateTimeOffset since, CancellationToken cancellationToken) => QueryAsync<DeadLetterRequest>(
        new QueryDefinition("SELECT * FROM c WHERE c.kind = 'request' AND c.at >= @since AND c[\"by\"] = @by").WithParameter("@since", since).WithParameter("@by", by),
        cancellationToken);

    /// <summary>Where a stream is parked.</summary>
    public Task<IReadOnlyList<ParkedStream>> OfAsync(string streamId, CancellationToken cancellationToken) => QueryAsync<ParkedStream>(
        new QueryDefinition("SELECT * FROM c WHERE c.kind = 'stream' AND c.status = 'Parked' AND c.streamId = @stream").WithParameter("@stream", streamId),
        cancellationToken);

    private async Task<IReadOnlyList<T>> QueryAsync<T>(QueryDefinition query, CancellationToken cancellationToken, string? endpoint = null)
    {
        var found = new List<T>();
        using var pages = database.DeadLetters.GetItemQueryStreamIterator(
            query, requestOptions: new QueryRequestOptions { PartitionKey = endpoint is null ? null : new PartitionKey(endpoint) });
        while (pages.HasMoreResults)
        {
            using var page = await pages.ReadNextAsync(cancellationToken);
            page.EnsureSuccessStatusCode();
            using var json = await JsonDocument.ParseAsync(page.Content, cancellationToken: cancellationToken);
            found.AddRange(json.RootElement.GetProperty("Documents"u8).EnumerateArray().Select(document => document.Deserialize<T>(Json)!));
        }

        return found;
    }
}
