using System.Net;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.Emulator.Tests.Storage;

public sealed class DiskFullTests
{
    [Fact]
    public async Task When_there_is_no_room_writers_are_told_and_what_is_there_can_be_read_and_removed()
    {
        using var data = new TemporaryDirectory();
        await using var host = await EmulatorHost.StartAsync(new() { Port = 0, DataDirectory = data.Path, MaxBytes = 2_000_000 });
        using var client = new CosmosClient(
            host.ConnectionString, new() { ConnectionMode = ConnectionMode.Gateway, LimitToEndpoint = true });
        Database database = await client.CreateDatabaseAsync("d");
        Container container = await database.CreateContainerAsync("c", "/pk");
        var padding = new string('x', 50_000);
        var written = 0;
        var refused = await Should.ThrowAsync<CosmosException>(async () =>
        {
            for (; written < 1000; written++)
                await container.CreateItemAsync(new { id = $"{written}", pk = "a", padding });
        });
        refused.StatusCode.ShouldBe(HttpStatusCode.InsufficientStorage);
        written.ShouldBeInRange(20, 50);

        for (var i = 0; i < written; i++)
            (await container.ReadItemStreamAsync($"{i}", new("a"))).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await container.ReadItemStreamAsync($"{written}", new("a"))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        for (var i = 0; i < 5; i++)
            await container.DeleteItemAsync<object>($"{i}", new("a"));
        await container.CreateItemAsync(new { id = "again", pk = "a", padding });
    }
}
