using System.Net;
using Microsoft.Azure.Cosmos;
using Microsoft.Azure.Cosmos.Linq;
using static ChangeFeed.Emulator.Conformance.Tests.Expect;

namespace ChangeFeed.Emulator.Conformance.Tests;

public sealed class QueryTests(Endpoint endpoint)
{
    [Fact]
    public async Task A_query_of_one_partition_key_is_filtered_sorted_and_paged()
    {
        var container = await endpoint.NewContainerAsync();
        for (var i = 0; i < 20; i++)
            await container.CreateItemAsync(new Thing($"{i}", i % 2 == 0 ? "even" : "odd", i));
        var query = new QueryDefinition("SELECT * FROM c WHERE c.n >= @min").WithParameter("@min", 4);
        var things = await AllAsync<Thing>(container, query, new() { PartitionKey = new("even"), MaxItemCount = 3 });
        things.Select(thing => thing.n).ShouldBe([4, 6, 8, 10, 12, 14, 16, 18]);
    }

    [Fact]
    public async Task A_query_over_all_partitions_finds_everything_once()
    {
        var container = await endpoint.NewContainerAsync();
        for (var i = 0; i < 40; i++)
            await container.CreateItemAsync(new Thing($"{i}", $"k{i}", i));
        var things = await AllAsync<Thing>(container, new("SELECT * FROM c WHERE c.n < 30"), new() { MaxItemCount = 4 });
        things.Select(thing => thing.n).Order().ShouldBe(Enumerable.Range(0, 30));
    }

    [Fact]
    public async Task A_query_by_id_alone_finds_the_items_of_all_keys()
    {
        var container = await endpoint.NewContainerAsync();
        for (var i = 0; i < 10; i++)
            await container.CreateItemAsync(new Thing($"{i % 3}", $"k{i}", i));
        (await AllAsync<Thing>(container, new("SELECT * FROM c WHERE c.id = '1'"))).Select(thing => thing.n).Order().ShouldBe([1, 4, 7]);
        await container.CreateItemAsync(new Thing("1", "later", 99));
        (await AllAsync<Thing>(container, new("SELECT * FROM c WHERE c.id IN ('1', 'nothing')"))).Count.ShouldBe(4);
    }

    [Fact]
    public async Task Many_items_are_read_at_once()
    {
        var container = await endpoint.NewContainerAsync();
        for (var i = 0; i < 30; i++)
            await container.CreateItemAsync(new Thing($"{i}", $"k{i}", i));
        var read = await container.ReadManyItemsAsync<Thing>(
            [.. Enumerable.Range(0, 25).Select(i => ($"{i}", new PartitionKey($"k{i}"))), ("missing", new("x"))]);
        read.Select(thing => thing.n).Order().ShouldBe(Enumerable.Range(0, 25));
    }

    [Fact]
    public async Task A_condition_decides_whether_a_patch_is_made()
    {
        var container = await endpoint.NewContainerAsync();
        await container.CreateItemAsync(new Thing("1", "a", 5));
        (await FaultAsync(
            () => container.PatchItemAsync<Thing>(
                "1", new("a"), [PatchOperation.Set("/n", 6)], new() { FilterPredicate = "FROM c WHERE c.n > 5" })))
            .ShouldBe((HttpStatusCode.PreconditionFailed, 1110));
        (await container.PatchItemAsync<Thing>(
            "1", new("a"), [PatchOperation.Set("/n", 6)], new() { FilterPredicate = "FROM c WHERE c.n = 5" })).Resource.n.ShouldBe(6);
        (await FaultAsync(
            () => container.PatchItemAsync<Thing>(
                "1", new("a"), [PatchOperation.Set("/n", 6)], new() { FilterPredicate = "FROM c WHERE c.n =" })))
            .Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_query_that_is_no_query_is_refused_with_the_place_of_the_fault()
    {
        var container = await endpoint.NewContainerAsync();
        var exception = await Should.ThrowAsync<CosmosException>(
            () => AllAsync<Thing>(container, new("SELECT * FROM c WHERE c.n ="), new() { PartitionKey = new("a") }));
        exception.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        exception.ResponseBody.ShouldContain("\"start\":27");
    }

    [Fact]
    public async Task Databases_containers_and_throughput_are_queried()
    {
        var properties = new ContainerProperties($"q-{Guid.NewGuid():N}", "/pk");
        Container container = await endpoint.Database.CreateContainerAsync(properties, throughput: 500);
        var found = new List<string>();
        using (var feed = endpoint.Database.GetContainerQueryIterator<ContainerProperties>(
            new QueryDefinition("SELECT * FROM c WHERE c.id = @id").WithParameter("@id", container.Id)))
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
        Container container = await endpoint.Database.CreateContainerAsync(
            properties, ThroughputProperties.CreateAutoscaleThroughput(4000));
        (await container.ReadThroughputAsync(new RequestOptions())).Resource.AutoscaleMaxThroughput.ShouldBe(4000);
    }

    [Theory]
    [InlineData("SELECT VALUE COUNT(1) FROM c", "[40]")]
    [InlineData("SELECT VALUE SUM(c.n) FROM c", "[780]")]
    [InlineData("SELECT VALUE AVG(c.n) FROM c WHERE c.n < 3", "[1]")]
    [InlineData("SELECT VALUE MIN(c.n) FROM c WHERE c.n > 7", "[8]")]
    [InlineData("SELECT VALUE MAX(c.n) FROM c", "[39]")]
    [InlineData("SELECT VALUE SUM(c.n) FROM c WHERE c.n < 0", "[0]")]
    [InlineData("SELECT COUNT(1) AS n, MAX(c.n) AS max FROM c WHERE c.n < 10", """[{"n":10,"max":9}]""")]
    [InlineData("SELECT c.g, COUNT(1) AS n FROM c WHERE c.n < 9 GROUP BY c.g", """[{"g":1,"n":3},{"g":2,"n":3},{"g":3,"n":3}]""")]
    [InlineData("SELECT DISTINCT VALUE c.g FROM c", "[1,2,3]")]
    [InlineData("SELECT DISTINCT VALUE c.g FROM c ORDER BY c.g DESC", "[3,2,1]")]
    [InlineData("SELECT COUNT(1) AS n FROM (SELECT DISTINCT VALUE c.g FROM c)", """[{"n":3}]""")]
    [InlineData("SELECT VALUE c.n FROM c ORDER BY c.n OFFSET 5 LIMIT 3", "[5,6,7]")]
    [InlineData("SELECT TOP 3 VALUE c.n FROM c ORDER BY c.n DESC", "[39,38,37]")]
    [InlineData("SELECT VALUE c.n FROM c WHERE c.n < 6 ORDER BY c.g DESC, c.n", "[2,5,1,4,0,3]")]
    [InlineData("SELECT VALUE t FROM c JOIN t IN c.tags WHERE c.n = 3 AND t != 'x'", """["y"]""")]
    [InlineData("SELECT c.n, c.tags[0] AS first FROM c WHERE c.id = '2'", """[{"n":2,"first":"x"}]""")]
    [InlineData("SELECT VALUE c.n FROM c WHERE ARRAY_CONTAINS(c.tags, 'y') AND c.n IN (3, 4, 100)", "[3,4]")]
    public async Task Results_of_all_partitions_are_put_together_as_the_query_asks(string query, string expected)
    {
        var container = await NumbersAsync();
        var results = await AllAsync<Newtonsoft.Json.Linq.JToken>(container, new(query), new() { MaxItemCount = 5 });
        // Without ORDER BY the order between partitions is nobody's promise.
        var texts = results.Select(result => result.ToString(Newtonsoft.Json.Formatting.None));
        (query.Contains("ORDER BY") ? texts : texts.Order(StringComparer.Ordinal)).ShouldBe(
            Newtonsoft.Json.Linq.JArray.Parse(expected).Select(result => result.ToString(Newtonsoft.Json.Formatting.None)));
    }

    [Fact]
    public async Task A_sorted_query_is_resumed_from_its_token_while_items_are_added()
    {
        var container = await NumbersAsync();
        var query = "SELECT VALUE c.n FROM c ORDER BY c.g, c.n DESC";
        var seen = new List<int>();
        string? token = null;
        var extra = 1000;
        do
        {
            using var feed = container.GetItemQueryIterator<int>(query, token, new() { MaxItemCount = 4 });
            var page = await feed.ReadNextAsync();
            seen.AddRange(page);
            token = page.ContinuationToken;
            // Sorts before everything, so behind the reader.
            await container.CreateItemAsync(new { id = $"extra{extra}", pk = $"k{extra}", n = extra++, g = 0 });
        }
        while (token is not null);
        seen.ShouldBe(Enumerable.Range(0, 40).OrderBy(n => n % 3).ThenByDescending(n => n));
    }

    [Fact]
    public async Task Linq_queries_run()
    {
        var container = await NumbersAsync();
        using var feed = container
            .GetItemLinqQueryable<Thing>()
            .Where(thing => thing.n > 30)
            .OrderByDescending(thing => thing.n)
            .Select(thing => thing.n)
            .ToFeedIterator();
        var seen = new List<int>();
        while (feed.HasMoreResults)
            seen.AddRange(await feed.ReadNextAsync());
        seen.ShouldBe([39, 38, 37, 36, 35, 34, 33, 32, 31]);
        (await container.GetItemLinqQueryable<Thing>().Where(thing => thing.n < 5).CountAsync()).Resource.ShouldBe(5);
    }

    private async Task<Container> NumbersAsync()
    {
        var container = await endpoint.NewContainerAsync(
            change: properties => properties.IndexingPolicy.AddComposite("/g", "/n DESC"));
        for (var i = 0; i < 40; i++)
            await container.CreateItemAsync(new { id = $"{i}", pk = $"k{i}", n = i, g = i % 3 + 1, tags = new[] { "x", "y" } });
        return container;
    }

    private static async Task<List<T>> AllAsync<T>(Container container, QueryDefinition query, QueryRequestOptions? options = null)
    {
        using var feed = container.GetItemQueryIterator<T>(query, null, options);
        var all = new List<T>();
        while (feed.HasMoreResults)
            all.AddRange(await feed.ReadNextAsync());
        return all;
    }
}
