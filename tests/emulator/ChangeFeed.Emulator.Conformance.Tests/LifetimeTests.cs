using System.Net;
using Microsoft.Azure.Cosmos;
using static ChangeFeed.Emulator.Conformance.Tests.Expect;

namespace ChangeFeed.Emulator.Conformance.Tests;

public sealed class LifetimeTests(Endpoint endpoint)
{
    [Fact]
    public async Task An_item_whose_time_is_over_is_in_no_answer_and_its_id_is_free()
    {
        var container = await endpoint.NewContainerAsync(change: properties => properties.DefaultTimeToLive = -1);
        await container.CreateItemAsync(new Thing("1", "a", ttl: 1));
        await container.CreateItemAsync(new Thing("2", "a"));
        await Eventually.UntilAsync(async () => await StatusAsync(container, "1") == HttpStatusCode.NotFound, "expiry");
        (await IdsAsync(container)).ShouldBe(["2"]);
        (await container.CreateItemAsync(new Thing("1", "a"))).StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task The_default_of_the_container_holds_for_items_without_their_own_lifetime()
    {
        var container = await endpoint.NewContainerAsync(change: properties => properties.DefaultTimeToLive = 1);
        await container.CreateItemAsync(new Thing("default", "a"));
        await container.CreateItemAsync(new Thing("never", "a", ttl: -1));
        await container.CreateItemAsync(new Thing("long", "a", ttl: 1000));
        await Eventually.UntilAsync(async () => await StatusAsync(container, "default") == HttpStatusCode.NotFound, "expiry");
        (await IdsAsync(container)).Order().ShouldBe(["long", "never"]);
    }

    [Fact]
    public async Task Without_a_lifetime_on_the_container_that_of_an_item_means_nothing()
    {
        var container = await endpoint.NewContainerAsync();
        await container.CreateItemAsync(new Thing("1", "a", ttl: 1));
        await Task.Delay(TimeSpan.FromSeconds(2));
        (await StatusAsync(container, "1")).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_lifetime_of_zero_is_refused()
    {
        var container = await endpoint.NewContainerAsync(change: properties => properties.DefaultTimeToLive = -1);
        (await FaultAsync(() => container.CreateItemAsync(new Thing("1", "a", ttl: 0)))).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Unique_keys_hold_within_a_logical_partition()
    {
        var container = await endpoint.NewContainerAsync(
            change: properties => properties.UniqueKeyPolicy.UniqueKeys.Add(new() { Paths = { "/n" } }));
        await container.CreateItemAsync(new Thing("1", "a", 1));
        (await FaultAsync(() => container.CreateItemAsync(new Thing("2", "a", 1)))).Status.ShouldBe(HttpStatusCode.Conflict);
        await container.CreateItemAsync(new Thing("2", "b", 1));
        await container.CreateItemAsync(new Thing("3", "a", 3));
        (await FaultAsync(() => container.UpsertItemAsync(new Thing("3", "a", 1)))).Status.ShouldBe(HttpStatusCode.Conflict);
        await container.UpsertItemAsync(new Thing("1", "a", 10));
        await container.UpsertItemAsync(new Thing("3", "a", 1));
        await container.DeleteItemAsync<Thing>("3", new("a"));
        await container.CreateItemAsync(new Thing("4", "a", 1));
    }

    private static async Task<HttpStatusCode> StatusAsync(Container container, string id)
    {
        using var response = await container.ReadItemStreamAsync(id, new("a"));
        return response.StatusCode;
    }

    private static async Task<List<string>> IdsAsync(Container container)
    {
        using var feed = container.GetItemQueryIterator<Thing>("SELECT * FROM c");
        var ids = new List<string>();
        while (feed.HasMoreResults)
            ids.AddRange((await feed.ReadNextAsync()).Select(thing => thing.id));
        return ids;
    }
}
