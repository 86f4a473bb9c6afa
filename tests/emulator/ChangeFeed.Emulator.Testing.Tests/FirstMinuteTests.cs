using System.Net;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.Emulator.Testing.Tests;

/// <summary>What newcomers do wrong is told them in a sentence that says what to do.</summary>
public sealed class FirstMinuteTests
{
    [Fact]
    public async Task A_client_in_direct_mode_is_told_to_use_gateway_mode()
    {
        await using var cosmos = await CosmosEmulator.StartAsync();
        using (var gateway = cosmos.CreateClient())
        {
            Database database = await gateway.CreateDatabaseAsync("shop");
            await database.CreateContainerAsync("orders", "/customer");
        }
        using var client = cosmos.CreateClient(options => options.ConnectionMode = ConnectionMode.Direct);

        var exception = await Should.ThrowAsync<CosmosException>(
            () => client.GetContainer("shop", "orders").ReadItemAsync<object>("1", new("ada")));

        exception.Message.ShouldContain("This endpoint has no Direct mode: set CosmosClientOptions.ConnectionMode to ConnectionMode.Gateway.");
    }

    [Fact]
    public async Task A_client_with_another_key_is_told_so()
    {
        await using var cosmos = await CosmosEmulator.StartAsync();
        using var client = new CosmosClient(
            cosmos.Endpoint.ToString(),
            Convert.ToBase64String("another key"u8),
            new() { ConnectionMode = ConnectionMode.Gateway, LimitToEndpoint = true });

        var exception = await Should.ThrowAsync<CosmosException>(() => client.GetDatabase("shop").ReadAsync());

        exception.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        exception.Message.ShouldContain("The account key of the client is not the key of this endpoint.");
    }

    [Fact]
    public async Task Whoever_asks_for_what_is_not_there_is_told_which_name_and_how_to_make_it()
    {
        await using var cosmos = await CosmosEmulator.StartAsync();
        using var client = cosmos.CreateClient();

        (await Should.ThrowAsync<CosmosException>(() => client.GetDatabase("shop").ReadAsync())).Message
            .ShouldContain("There is no database 'shop'; nothing is made by itself, so create it first (CreateDatabaseIfNotExistsAsync).");
        Database database = await client.CreateDatabaseAsync("shop");
        (await Should.ThrowAsync<CosmosException>(() => database.GetContainer("orders").ReadItemAsync<object>("1", new("ada")))).Message
            .ShouldContain("There is no container 'orders' in database 'shop'; create it first (CreateContainerIfNotExistsAsync).");
    }
}
