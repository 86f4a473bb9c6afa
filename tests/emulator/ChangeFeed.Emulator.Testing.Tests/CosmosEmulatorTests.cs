using System.Net;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.Emulator.Testing.Tests;

public sealed class CosmosEmulatorTests
{
    [Fact]
    public async Task Two_of_them_share_nothing()
    {
        await using var first = await CosmosEmulator.StartAsync();
        await using var second = await CosmosEmulator.StartAsync();
        using var firstClient = first.CreateClient();
        using var secondClient = second.CreateClient();
        await ContainerAsync(firstClient);

        var exception = await Should.ThrowAsync<CosmosException>(() => secondClient.GetDatabase("shop").ReadAsync());

        exception.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        first.Endpoint.ShouldNotBe(second.Endpoint);
    }

    [Fact]
    public async Task Request_units_are_those_the_client_is_charged()
    {
        await using var cosmos = await CosmosEmulator.StartAsync();
        using var client = cosmos.CreateClient();
        var container = await ContainerAsync(client);
        var before = await cosmos.GetRequestUnitsAsync();

        var created = await container.CreateItemAsync(new Item("1", "a"), new PartitionKey("a"));
        var read = await container.ReadItemAsync<Item>("1", new PartitionKey("a"));

        var used = await cosmos.GetRequestUnitsAsync() - before;
        read.RequestCharge.ShouldBe(1);
        // A client's first request to a container also reads the container and its partitions.
        used.ShouldBeInRange(created.RequestCharge + read.RequestCharge, created.RequestCharge + read.RequestCharge + 5);
    }

    [Fact]
    public async Task Reading_an_item_again_costs_one_unit()
    {
        await using var cosmos = await CosmosEmulator.StartAsync();
        using var client = cosmos.CreateClient();
        var container = await ContainerAsync(client);
        await container.CreateItemAsync(new Item("1", "a"), new PartitionKey("a"));
        await container.ReadItemAsync<Item>("1", new PartitionKey("a"));
        var before = await cosmos.GetRequestUnitsAsync();

        await container.ReadItemAsync<Item>("1", new PartitionKey("a"));

        (await cosmos.GetRequestUnitsAsync() - before).ShouldBe(1, tolerance: 0.001);
    }

    [Fact]
    public async Task Options_are_those_asked_for()
    {
        await using var cosmos = await CosmosEmulator.StartAsync(options => options with { Partitions = 3 });
        using var client = cosmos.CreateClient();

        (await (await ContainerAsync(client)).GetFeedRangesAsync()).Count.ShouldBe(3);
    }

    [Fact]
    public async Task Request_units_can_be_asked_for_behind_a_key_of_ones_own()
    {
        var key = Convert.ToBase64String("a key of one's own"u8);
        await using var cosmos = await CosmosEmulator.StartAsync(options => options with { Key = key });
        using var client = cosmos.CreateClient();
        await ContainerAsync(client);

        (await cosmos.GetRequestUnitsAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Clients_can_be_configured()
    {
        await using var cosmos = await CosmosEmulator.StartAsync();
        using var client = cosmos.CreateClient(options => options.ApplicationName = "tests");

        client.ClientOptions.ApplicationName.ShouldBe("tests");
        client.ClientOptions.ConnectionMode.ShouldBe(ConnectionMode.Gateway);
    }

    [Fact]
    public async Task Disposed_it_listens_no_more()
    {
        var cosmos = await CosmosEmulator.StartAsync();
        await cosmos.DisposeAsync();

        using var http = new HttpClient { BaseAddress = cosmos.Endpoint };
        await Should.ThrowAsync<HttpRequestException>(() => http.GetAsync("health"));
    }

    private static async Task<Container> ContainerAsync(CosmosClient client)
    {
        Database database = await client.CreateDatabaseAsync("shop");
        return await database.CreateContainerAsync("orders", "/customer");
    }

    // Small letters: the client's default serializer writes names as they are.
    private sealed record Item(string id, string customer);
}
