using System.Net;
using Microsoft.Azure.Cosmos;
using static OrderPipeline.Conformance.Tests.Expect;

namespace OrderPipeline.Conformance.Tests;

public sealed class QueryTests(Endpoint endpoint)
{
    [Fact]
    public async Task A_query_of_one_partition_key_is_filtered_sorted_and_paged()
    {
        var container = await endpoint.NewContainer();
        for (var i = 0; i < 20; i++)
            await container.CreateItemAsync(new Thing($"{i}", i % 2 == 0 ? "even" : "odd", i));
        var query = new QueryDefinition("SELECT * FROM c WHERE c.n >= @min").WithParameter("@min", 4);
        var things = await All<Thing>(container, query, new() { PartitionKey = new("even"), MaxItemCount = 3 });
        things.Select(thing => thing.n).ShouldBe([4, 6, 8, 10, 12, 14, 16, 18]);
    }

    [Fact]
    public async Task A_query_over_all_partitions_finds_everything_once()
    {
        var container = await endpoint.NewContainer();
        for (var i = 0; i < 40; i++)
            await container.CreateItemAsync(new Thing($"{i}", $"k{i}", i));
        var things = await All<Thing>(container, new("SELECT * FROM c WHERE c.n < 30"), new() { MaxItemCount = 4 });
        things.Select(thing => thing.n).Order().ShouldBe(Enumerable.Range(0, 30));
    }

    [Fact]
    public async Task A_query_by_id_alone_finds_the_items_of_all_keys()
    {
        var container = await endpoint.NewContainer();
        for (var i = 0; i < 10; i++)
            await container.CreateItemAsync(new Thing($"{i % 3}", $"k{i}", i));
        (await All<Thing>(container, new("SELECT * FROM c WHERE c.id = '1'"))).Select(thing => thing.n).Order().ShouldBe([1, 4, 7]);
        await container.CreateItemAsync(new Thing("1", "later", 99));
        (await All<Thing>(container, new("SELECT * FROM c WHERE c.id IN ('1', 'nothing')"))).Count.ShouldBe(4);
    }

    [Fact]
    public async Task Many_items_are_read_at_once()
    {
        var container = await endpoint.NewContainer();
        for (var i = 0; i < 30; i++)
            await container.CreateItemAsync(new Thing($"{i}", $"k{i}", i));
        var read = await container.ReadManyItemsAsync<Thing>([.. Enumerable.Range(0, 25).Select(i => ($"{i}", new PartitionKey($"k{i}"))), ("missing", new("x"))]);
        read.Select(thing => thing.n).Order().ShouldBe(Enumerable.Range(0, 25));
    }

    [Fact]
    public async Task A_condition_decides_whether_a_patch_is_made()
    {
        var container = await endpoint.NewContainer();
        await container.CreateItemAsync(new Thing("1", "a", 5));
        (await Fault(() => container.PatchItemAsync<Thing>("1", new("a"), [PatchOperation.Set("/n", 6)], new() { FilterPredicate = "FROM c WHERE c.n > 5" })))
            .ShouldBe((HttpStatusCode.PreconditionFailed, 1110));
        (await container.PatchItemAsync<Thing>("1", new("a"), [PatchOperation.Set("/n", 6)], new() { FilterPredicate = "FROM c WHERE c.n = 5" })).Resource.n.ShouldBe(6);
        (await Fault(() => container.PatchItemAsync<Thing>("1", new("a"), [PatchOperation.Set("/n", 6)], new() { FilterPredicate = "FROM c WHERE c.n =" })))
            .Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_query_that_is_no_query_is_refused_with_the_place_of_the_fault()
    {
        var container = await endpoint.NewContainer();
        var exception = await Should.ThrowAsync<CosmosException>(() => All<Thing>(container, new("SELECT * FROM c WHERE c.n ="), new() { PartitionKey = new("a") }));
        exception.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        exception.Message.ShouldContain("line 1");
    }

    [Fact]
    public async Task Databases_containers_and_throughput_are_queried()
    {
        var properties = new ContainerProperties($"q-{Guid.NewGuid():N}", "/pk");
        Container container = await endpoint.Database.CreateContainerAsync(properties, throughput: 500);
        var found = new List<string>();
        using (var feed = endpoint.Database.GetContainerQueryIterator<ContainerProperties>(new QueryDefinition("SELECT * FROM c WHERE c.id = @id").WithParameter("@id", container.Id)))
            while (feed.HasMoreResults)
                found.AddRange((await feed.ReadNextAsync()).Select(found => found.Id));
        found.ShouldBe([container.Id]);

        (await container.ReadThroughputAsync()).ShouldBe(500);
        (await container.ReplaceThroughputAsync(700)).Resource.Throughput.ShouldBe(700);
        (await container.ReadThroughputAsync()).ShouldBe(700);
    }

    [Fact]
    public async Task Autoscale_throughput_is_kept()
    {
        var properties = new ContainerProperties($"q-{Guid.NewGuid():N}", "/pk");
        Container container = await endpoint.Database.CreateContainerAsync(properties, ThroughputProperties.CreateAutoscaleThroughput(4000));
        (await container.ReadThroughputAsync(new RequestOptions())).Resource.AutoscaleMaxThroughput.ShouldBe(4000);
    }

    static async Task<List<T>> All<T>(Container container, QueryDefinition query, QueryRequestOptions? options = null)
    {
        using var feed = container.GetItemQueryIterator<T>(query, null, options);
        var all = new List<T>();
        while (feed.HasMoreResults)
            all.AddRange(await feed.ReadNextAsync());
        return all;
    }
}
