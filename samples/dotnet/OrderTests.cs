using System.Net;
using ChangeFeed.Emulator.Testing;
using Microsoft.Azure.Cosmos;

namespace Shop.Tests;

public sealed class OrderTests(Store store) : IClassFixture<Store>
{
    [Fact]
    public async Task A_point_read_costs_one_unit()
    {
        await store.Orders.CreateItemAsync(new Order("1", "ada", 42), new PartitionKey("ada"));
        await ReadAsync("1"); // a client's first requests also read the container and its partitions

        await store.Cosmos.AssertCostsAtMostAsync(1, () => ReadAsync("1"));
    }

    [Fact]
    public async Task A_busy_store_is_asked_again()
    {
        await store.Orders.CreateItemAsync(new Order("2", "ada", 42), new PartitionKey("ada"));
        await store.Cosmos.InjectFaultAsync(new RequestFault
        {
            Status = HttpStatusCode.TooManyRequests,
            Path = "/docs/2",
            Count = 2,
            RetryAfter = TimeSpan.FromMilliseconds(1),
        });

        Assert.Equal(42, (await ReadAsync("2")).Resource.total);
    }

    [Fact]
    public async Task A_basket_is_kept_for_a_day()
    {
        await store.Orders.CreateItemAsync(new { id = "3", customer = "ada", ttl = 86400 }, new PartitionKey("ada"));

        store.Cosmos.Advance(TimeSpan.FromHours(25));

        var gone = await Assert.ThrowsAsync<CosmosException>(() => ReadAsync("3"));
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    [Fact]
    public async Task Orders_are_found_across_a_split()
    {
        await store.Orders.CreateItemAsync(new Order("4", "grace", 4), new PartitionKey("grace"));
        await store.Cosmos.SplitAsync(store.Orders);

        var found = await store.Orders.GetItemQueryIterator<Order>("SELECT * FROM c WHERE c.total = 4").ReadNextAsync();

        Assert.Equal("grace", Assert.Single(found).customer);
    }

    private Task<ItemResponse<Order>> ReadAsync(string id) => store.Orders.ReadItemAsync<Order>(id, new PartitionKey("ada"));

    // Small letters: the client's default serializer writes names as they are.
    private sealed record Order(string id, string customer, int total);
}
