using System.Net;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.Emulator.Conformance.Tests;

public sealed class AccountTests(Endpoint endpoint)
{
    [Fact]
    public async Task A_client_in_direct_mode_is_told_to_use_gateway_mode()
    {
        var container = await endpoint.NewContainerAsync();
        using var client = new CosmosClient(endpoint.ConnectionString, new() { ConnectionMode = ConnectionMode.Direct });
        var direct = client.GetContainer(container.Database.Id, container.Id);

        var create = await Should.ThrowAsync<CosmosException>(() => direct.CreateItemAsync(new Thing("1", "a")));
        create.Message.ShouldContain("ConnectionMode.Gateway");
        create.StatusCode.ShouldBe(HttpStatusCode.NotImplemented);
        var read = await Should.ThrowAsync<CosmosException>(() => direct.ReadItemAsync<Thing>("1", new("a")));
        read.Message.ShouldContain("ConnectionMode.Gateway");
    }
}
