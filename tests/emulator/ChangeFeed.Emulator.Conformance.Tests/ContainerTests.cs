using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Azure.Cosmos;
using static ChangeFeed.Emulator.Conformance.Tests.Expect;

namespace ChangeFeed.Emulator.Conformance.Tests;

public sealed class ContainerTests(Endpoint endpoint)
{
    [Fact]
    public async Task Databases_and_containers_are_created_once_read_listed_and_deleted()
    {
        var name = $"d-{Guid.NewGuid():N}";
        Database database = await endpoint.Client.CreateDatabaseAsync(name);
        (await FaultAsync(() => endpoint.Client.CreateDatabaseAsync(name))).Status.ShouldBe(HttpStatusCode.Conflict);
        (await endpoint.Client.CreateDatabaseIfNotExistsAsync(name)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await database.CreateContainerIfNotExistsAsync("c", "/pk")).StatusCode.ShouldBe(HttpStatusCode.Created);
        (await database.CreateContainerIfNotExistsAsync("c", "/pk")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await FaultAsync(() => database.CreateContainerAsync("c", "/pk"))).Status.ShouldBe(HttpStatusCode.Conflict);

        var containers = new List<string>();
        using (var feed = database.GetContainerQueryIterator<ContainerProperties>())
            while (feed.HasMoreResults)
                containers.AddRange((await feed.ReadNextAsync()).Select(container => container.Id));
        containers.ShouldBe(["c"]);

        await database.DeleteAsync();
        (await FaultAsync(() => database.ReadAsync())).Status.ShouldBe(HttpStatusCode.NotFound);
        (await FaultAsync(() => database.GetContainer("c").ReadContainerAsync())).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_container_keeps_what_it_was_created_with_and_can_be_changed()
    {
        var container = await endpoint.NewContainerAsync("/a/b", properties =>
        {
            properties.DefaultTimeToLive = 60;
            properties.IndexingPolicy.IncludedPaths.Add(new() { Path = "/*" });
            properties.IndexingPolicy.ExcludedPaths.Add(new() { Path = "/big/*" });
        });
        ContainerProperties read = await container.ReadContainerAsync();
        read.PartitionKeyPath.ShouldBe("/a/b");
        read.DefaultTimeToLive.ShouldBe(60);
        read.IndexingPolicy.ExcludedPaths.Select(path => path.Path).ShouldContain("/big/*");
        read.DefaultTimeToLive = 120;
        await container.ReplaceContainerAsync(read);
        (await container.ReadContainerAsync()).Resource.DefaultTimeToLive.ShouldBe(120);
    }

    [Fact]
    public async Task A_container_has_the_asked_number_of_partitions_and_more_after_a_split()
    {
        var container = await endpoint.NewContainerAsync();
        (await container.GetFeedRangesAsync()).Count.ShouldBe(4);
        await endpoint.SplitAsync(container, "2");
        using var client = Endpoint.Connect(endpoint.ConnectionString);
        (await client.GetContainer(container.Database.Id, container.Id).GetFeedRangesAsync()).Count.ShouldBe(5);
    }

    [Theory]
    [InlineData("1", 1)]
    [InlineData("7", 7)]
    public async Task A_request_says_how_many_partitions_its_container_begins_with(string header, int count)
    {
        Container container = await CreateAsync(header);

        (await container.GetFeedRangesAsync()).Count.ShouldBe(count);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("1001")]
    [InlineData("some")]
    public async Task A_number_of_partitions_that_is_none_is_refused(string header)
    {
        var refused = await Should.ThrowAsync<CosmosException>(() => CreateAsync(header));

        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        refused.Message.ShouldContain("x-ms-emulator-partitions");
    }

    private async Task<ContainerResponse> CreateAsync(string partitions)
    {
        var options = new RequestOptions { AddRequestHeaders = headers => headers.Add("x-ms-emulator-partitions", partitions) };
        return await endpoint.Database.CreateContainerAsync(
            new ContainerProperties($"c{Guid.NewGuid():N}", "/pk"), requestOptions: options);
    }

    [Fact]
    public async Task A_warm_client_follows_a_container_that_was_dropped_and_made_again()
    {
        var container = await endpoint.NewContainerAsync();
        await container.CreateItemAsync(new Thing("1", "a"));
        (await IdsAsync(container)).ShouldBe(["1"]);
        using (var other = Endpoint.Connect(endpoint.ConnectionString))
        {
            var same = other.GetContainer(container.Database.Id, container.Id);
            await same.DeleteContainerAsync();
            await other.GetDatabase(container.Database.Id).CreateContainerAsync(container.Id, "/pk");
            await same.CreateItemAsync(new Thing("2", "b"));
        }
        (await container.ReadItemAsync<Thing>("2", new("b"))).Resource.id.ShouldBe("2");
        (await IdsAsync(container)).ShouldBe(["2"]);
    }

    [Fact]
    public async Task Injected_faults_reach_the_client_and_statistics_show_what_is_there()
    {
        var container = await endpoint.NewContainerAsync();
        await container.CreateItemAsync(new Thing("1", "a"));
        using var http = new HttpClient { BaseAddress = endpoint.Address };
        await http.PostAsJsonAsync(
            "_emulator/faults", new { status = 429, retryAfterMs = 1, count = 2, path = container.Id, verb = "GET" });
        (await container.ReadItemAsync<Thing>("1", new("a"))).StatusCode.ShouldBe(HttpStatusCode.OK);
        await http.PostAsJsonAsync("_emulator/faults", new { status = 503, count = 1, path = container.Id });
        (await FaultAsync(() => container.ReadItemAsync<Thing>("1", new("a")))).Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await http.PostAsJsonAsync("_emulator/faults", new { probability = 2 })).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        await http.DeleteAsync("_emulator/faults");

        var stats = await http.GetFromJsonAsync<JsonElement>("_emulator/stats");
        var mine = stats.GetProperty("containers")
            .EnumerateArray()
            .Single(entry => entry.GetProperty("container").GetString() == container.Id);
        mine.GetProperty("items").GetInt64().ShouldBe(1);
        mine.GetProperty("partitions").GetArrayLength().ShouldBe(4);
        mine.GetProperty("requestUnits").GetDouble().ShouldBeGreaterThan(5);
    }

    [Theory]
    [InlineData("stored procedures")]
    [InlineData("triggers")]
    [InlineData("user-defined functions")]
    public async Task What_is_not_there_says_so(string feature)
    {
        var container = await endpoint.NewContainerAsync();
        var exception = await Should.ThrowAsync<CosmosException>(() => feature switch
        {
            "triggers" => (Task)container.Scripts.CreateTriggerAsync(new() { Id = "t", Body = "x" }),
            "stored procedures" => container.Scripts.CreateStoredProcedureAsync(new("s", "function() {}")),
            _ => container.Scripts.CreateUserDefinedFunctionAsync(new() { Id = "u", Body = "x" }),
        });
        exception.StatusCode.ShouldBe(HttpStatusCode.NotImplemented);
        exception.Message.ShouldContain(feature);
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
