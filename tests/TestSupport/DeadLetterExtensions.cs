using System.Text.Json;
using ChangeFeed.MassTransit;
using Microsoft.Azure.Cosmos;

namespace TestSupport;

/// <summary>What was put aside, asked of the store itself.</summary>
internal static class DeadLetterExtensions
{
    private const string Agent = "tests";

    public static DeadLetterClient DeadLetters(this CosmosClient client) => new(client.GetContainer("orders", "dead-letters"), TimeProvider.System);

    /// <summary>The endpoints a stream is parked at.</summary>
    public static async Task<IReadOnlyList<string>> ParkedAtAsync(this CosmosClient client, string streamId)
    {
        using var pages = client.GetContainer("orders", "dead-letters").GetItemQueryIterator<JsonElement>(
            new QueryDefinition("SELECT c.endpoint FROM c WHERE c.kind = 'stream' AND c.status = 'Parked' AND c.streamId = @stream")
                .WithParameter("@stream", streamId));
        var endpoints = new List<string>();
        while (pages.HasMoreResults)
            endpoints.AddRange((await pages.ReadNextAsync(TestContext.Current.CancellationToken)).Select(row => row.GetProperty("endpoint").GetString()!));
        return endpoints;
    }

    /// <summary>Waits until a stream is parked at an endpoint.</summary>
    public static Task ParkedAsync(this CosmosClient client, string endpoint, string streamId) => Eventually.GetAsync(
        () => client.ParkedAtAsync(streamId), endpoints => endpoints.Contains(endpoint), what: $"Stream {streamId} parked at {endpoint}");

    /// <summary>Asks for a replay and waits until it was carried out.</summary>
    public static async Task<DeadLetterRequest> ReplayAsync(this CosmosClient client, string endpoint, string streamId)
    {
        var letters = client.DeadLetters();
        var asked = await letters.ReplayAsync(endpoint, streamId, Agent, cancellationToken: TestContext.Current.CancellationToken);
        return (await Eventually.GetAsync(
            () => letters.RequestAsync(endpoint, asked.Id, TestContext.Current.CancellationToken),
            request => request is { Status: not DeadLetterRequestStatus.Open },
            what: $"The replay of {streamId} at {endpoint}"))!;
    }
}
