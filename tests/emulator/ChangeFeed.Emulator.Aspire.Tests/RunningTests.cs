using System.Net;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.Emulator.Aspire.Tests;

public sealed class RunningTests
{
    [Fact]
    public async Task Data_is_there_after_a_stop_and_after_a_kill()
    {
        using var data = new TemporaryDirectory();
        await using var application = await RunningApplication.StartAsync(
            emulator => emulator.WithDataDirectory(data.Path).WithPartitions(2));
        using var client = await application.ConnectAsync();
        application.Urls().ShouldBe([client.Endpoint.ToString().TrimEnd('/'), $"{client.Endpoint}_emulator/stats"], ignoreOrder: true);
        Database database = await client.CreateDatabaseAsync("shop");
        Container container = await database.CreateContainerAsync("orders", "/id");
        (await container.GetFeedRangesAsync()).Count.ShouldBe(2);
        await container.CreateItemAsync(new Item("1", "created"));
        await container.UpsertItemAsync(new Item("1", "replaced"));

        var stop = await application.ExecuteAsync(KnownResourceCommands.StopCommand);
        stop.Success.ShouldBeTrue(stop.Message);
        await application.UntilEndedAsync();
        await StartAgain(application);
        (await ReadAsync(container, "1")).Text.ShouldBe("replaced");

        await container.CreateItemAsync(new Item("2", "acknowledged"));
        using (var process = application.Process())
        {
            process.ProcessName.ShouldBe("dotnet");
            process.Kill();
        }
        await application.UntilEndedAsync();
        await StartAgain(application);
        (await ReadAsync(container, "2")).Text.ShouldBe("acknowledged");
        await container.DeleteItemAsync<Item>("1", new("1"));
    }

    [Fact]
    public async Task The_commands_do_what_they_say_and_say_what_they_did()
    {
        await using var application = await RunningApplication.StartAsync(emulator => emulator.WithPartitions(1));
        await FailsAsync(application, "There is no container yet.", "split-partition");

        using var client = await application.ConnectAsync();
        Database database = await client.CreateDatabaseAsync("shop");
        Container container = await database.CreateContainerAsync("orders", "/id");
        Container idle = await database.CreateContainerAsync("idle", "/id");
        await container.CreateItemAsync(new Item("1", "kept"));

        await SucceedsAsync(application, "Partition 0 of shop/orders was split into 1 and 2; it has 2 partitions now.",
            "split-partition");
        await SucceedsAsync(application, "Partition 0 of shop/idle was split into 1 and 2; it has 2 partitions now.",
            "split-partition", ("container", "shop/idle"));
        (await idle.GetFeedRangesAsync()).Count.ShouldBe(2);
        (await application.ExecuteAsync("split-partition", ("container", "shop/none"))).Success.ShouldBeFalse();
        (await ReadAsync(container, "1")).Text.ShouldBe("kept");

        await SucceedsAsync(application, "Each container may use 1 request units a second now.",
            "limit-throughput", ("request-units", "1"));
        (await RefusalAsync(container)).ShouldBe(HttpStatusCode.TooManyRequests);
        await FailsAsync(application, "Request units per second is '0'; it must be a number from 1 to 10000000.",
            "limit-throughput", ("request-units", "0"));
        await SucceedsAsync(application, "0 faults were removed; throughput is without limit.", "heal");
        await container.UpsertItemAsync(new Item("1", "healed"));

        await SucceedsAsync(application, "From now on 100 % of requests wait 5 ms and are answered 503.",
            "inject-faults", ("percent", "100"), ("status", "503"), ("delay", "5"));
        (await RefusalAsync(container)).ShouldBe(HttpStatusCode.ServiceUnavailable);
        await FailsAsync(application, "Choose a status, a delay, or both.",
            "inject-faults", ("percent", "100"), ("status", "none"), ("delay", "0"));
        await SucceedsAsync(application, "One fault was removed; throughput is without limit.", "heal");
        (await ReadAsync(container, "1")).Text.ShouldBe("healed");

        await client.CreateDatabaseAsync("second shop");
        await SucceedsAsync(application, "Deleted: second shop, shop.", "reset-data");
        using var page = client.GetDatabaseQueryIterator<DatabaseProperties>();
        (await page.ReadNextAsync()).Count.ShouldBe(0);
    }

    [Fact]
    public async Task A_key_of_ones_own_is_the_one_that_opens_it()
    {
        var key = Convert.ToBase64String("a key of one's own"u8);
        await using var application = await RunningApplication.StartAsync(emulator =>
            emulator.WithKey(emulator.ApplicationBuilder.AddParameter("key", key, secret: true)));
        using var client = await application.ConnectAsync();
        await client.CreateDatabaseAsync("shop");
        application.Urls().ShouldBe([client.Endpoint.ToString().TrimEnd('/')]);
        await SucceedsAsync(application, "Each container may use 400 request units a second now.",
            "limit-throughput", ("request-units", "400"));
        await SucceedsAsync(application, "From now on 100 % of requests wait 5 ms.",
            "inject-faults", ("percent", "100"), ("status", "none"), ("delay", "5"));
        await SucceedsAsync(application, "One fault was removed; throughput is without limit.", "heal");
        await SucceedsAsync(application, "Deleted: shop.", "reset-data");

        using var stranger = new CosmosClient(
            $"AccountEndpoint={client.Endpoint};AccountKey={CosmosEmulatorResource.WellKnownKey}",
            new() { ConnectionMode = ConnectionMode.Gateway });
        var refused = await Should.ThrowAsync<CosmosException>(() => stranger.CreateDatabaseAsync("theirs"));
        refused.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    private static async Task StartAgain(RunningApplication application)
    {
        var start = await application.ExecuteAsync(KnownResourceCommands.StartCommand);
        start.Success.ShouldBeTrue(start.Message);
        await application.UntilHealthyAsync();
    }

    private static async Task SucceedsAsync(
        RunningApplication application, string message, string command, params (string, string)[] arguments)
    {
        var result = await application.ExecuteAsync(command, arguments);
        result.Message.ShouldBe(message);
        result.Success.ShouldBeTrue();
    }

    private static async Task FailsAsync(
        RunningApplication application, string message, string command, params (string, string)[] arguments)
    {
        var result = await application.ExecuteAsync(command, arguments);
        result.Message.ShouldBe(message);
        result.Success.ShouldBeFalse();
    }

    private static async Task<HttpStatusCode> RefusalAsync(Container container) => (await Should.ThrowAsync<CosmosException>(async () =>
    {
        for (var i = 0; i < 10; i++)
            await container.UpsertItemAsync(new Item("1", "refused"));
    })).StatusCode;

    private static async Task<Item> ReadAsync(Container container, string id) =>
        (await container.ReadItemAsync<Item>(id, new(id))).Resource;

    private sealed record Item([property: Newtonsoft.Json.JsonProperty("id")] string Id, string Text);
}
