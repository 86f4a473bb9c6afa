using System.Net;
using Microsoft.Azure.Cosmos;
using Newtonsoft.Json.Linq;

namespace ChangeFeed.Emulator.Conformance.Tests.Strict;

/// <summary>Queries answered in the way the service answers them.</summary>
public sealed class QueryAnswerTests(Endpoint endpoint)
{
    private static async Task<List<string>> AllAsync(Container container, string query, QueryRequestOptions? options = null)
    {
        using var feed = container.GetItemQueryIterator<JToken>(query, null, options);
        var all = new List<string>();
        while (feed.HasMoreResults)
            all.AddRange((await feed.ReadNextAsync()).Select(row => row.ToString(Newtonsoft.Json.Formatting.None)));
        return all;
    }

    private async Task<Container> FilledAsync(Action<ContainerProperties>? change = null)
    {
        var container = await endpoint.NewContainerAsync(change: change);
        for (var i = 0; i < 12; i++)
            await container.CreateItemAsync(new { id = $"{i}", pk = $"k{i}", g = i % 3, n = i, name = $"Name {i}" });
        return container;
    }

    [Fact]
    public async Task Groups_of_all_partitions_are_merged_in_an_ordered_query()
    {
        var container = await FilledAsync();

        var rows = await AllAsync(container, "SELECT c.g, COUNT(1) AS n, SUM(c.n) AS s FROM c GROUP BY c.g ORDER BY c.g");

        rows.Order().ShouldBe(["""{"g":0,"n":4,"s":18}""", """{"g":1,"n":4,"s":22}""", """{"g":2,"n":4,"s":26}"""]);
        (await AllAsync(container, "SELECT VALUE c.g FROM c GROUP BY c.g ORDER BY c.g")).Order().ShouldBe(["0", "1", "2"]);
    }

    [Theory]
    [InlineData("SELECT VALUE [1,2,3][c.n] FROM c")]
    [InlineData("SELECT VALUE c[c.name] FROM c")]
    [InlineData("SELECT * FROM c WHERE c.list[1 + 1] = 2")]
    public async Task An_index_that_is_computed_is_refused(string query)
    {
        var failure = await Should.ThrowAsync<CosmosException>(() => AllQueriesAsync(query));

        failure.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        failure.ResponseBody.ShouldContain("SC2990");
        failure.Message.ShouldContain("member indexer");
    }

    private async Task AllQueriesAsync(string query) => await AllAsync(await endpoint.NewContainerAsync(), query);

    [Fact]
    public async Task A_refused_query_says_where_and_with_which_code()
    {
        var failure = await Should.ThrowAsync<CosmosException>(() => AllQueriesAsync("SELECT * FROM c WHERE nosuch.a = 1"));

        failure.ResponseBody.ShouldContain("SC2001");
        failure.Message.ShouldContain("Identifier 'nosuch' could not be resolved.");
        (await Should.ThrowAsync<CosmosException>(() => AllQueriesAsync("SELECT * FROM c WHERE - FROM c"))).ResponseBody.ShouldContain("SC1001");
    }

    [Theory]
    [InlineData("SELECT * FROM c WHERE c.n < 5", "False")]
    [InlineData("SELECT TOP 3 * FROM c", "False")]
    [InlineData("SELECT * FROM c ORDER BY c.n", "False")]
    [InlineData("SELECT DISTINCT c.g FROM c", "True")]
    [InlineData("SELECT c.g FROM c GROUP BY c.g", "True")]
    public async Task A_client_learns_whether_it_must_merge(string query, string expected)
    {
        var container = await FilledAsync();

        using var response = await endpoint.SendAsync(
            HttpMethod.Post, $"dbs/{container.Database.Id}/colls/{container.Id}/docs", $$"""{"query":"{{query}}"}""",
            ("x-ms-documentdb-isquery", "True"), ("x-ms-documentdb-partitionkeyrangeid", "0"));

        response.Header("x-ms-cosmos-query-requiresdistribution").ShouldBe(expected);
    }

    [Fact]
    public async Task An_optimistic_query_of_one_partition_sends_one_request_a_page()
    {
        var requests = new Counter();
        using var client = Endpoint.Connect(endpoint.ConnectionString, options => options.CustomHandlers.Add(requests));
        Container small = await client.GetDatabase(endpoint.Database.Id).CreateContainerAsync(
            new($"c-{Guid.NewGuid():N}", "/pk"),
            requestOptions: new() { AddRequestHeaders = headers => headers.Add("x-ms-emulator-partitions", "1") });
        for (var i = 0; i < 10; i++)
            await small.CreateItemAsync(new Thing($"{i}", $"k{i}", i));
        requests.Queries = 0;

        var rows = await AllAsync(
            small, "SELECT VALUE c.n FROM c ORDER BY c.n", new() { EnableOptimisticDirectExecution = true, MaxItemCount = 5 });

        rows.Count.ShouldBe(10);
        requests.Queries.ShouldBe(2);
    }

    private sealed class Counter : RequestHandler
    {
        public int Queries { get; set; }

        public override Task<ResponseMessage> SendAsync(RequestMessage request, CancellationToken cancellationToken)
        {
            if (request.Method == HttpMethod.Post && request.Headers["x-ms-documentdb-query-enablecrosspartition"] is not null
                || request.Headers["x-ms-documentdb-isquery"] is not null)
                Queries++;
            return base.SendAsync(request, cancellationToken);
        }
    }

    [Fact]
    public async Task Values_are_collected_in_lists_and_sets()
    {
        var container = await FilledAsync();

        var list = JArray.Parse((await AllAsync(container, "SELECT VALUE MAKELIST(c.g) FROM c")).Single());
        list.Select(value => (int)value).Order().ShouldBe([0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2]);
        var set = JArray.Parse((await AllAsync(container, "SELECT VALUE MAKESET(c.g) FROM c")).Single());
        set.Select(value => (int)value).Order().ShouldBe([0, 1, 2]);
    }

    [Fact]
    public async Task Documents_have_numbers_of_their_own()
    {
        var container = await FilledAsync();

        var numbers = await AllAsync(container, "SELECT VALUE DOCUMENTID(c) FROM c");

        numbers.Distinct().Count().ShouldBe(12);
    }

    [Fact]
    public async Task Computed_properties_are_seen_by_queries_only()
    {
        var container = await FilledAsync(properties =>
        {
            properties.ComputedProperties.Add(new() { Name = "upper", Query = "SELECT VALUE UPPER(d.name) FROM d" });
            properties.IndexingPolicy.IncludedPaths.Add(new() { Path = "/*" });
            properties.IndexingPolicy.IncludedPaths.Add(new() { Path = "/upper/?" });
        });

        (await AllAsync(container, "SELECT VALUE c.upper FROM c WHERE c.upper = 'NAME 3'")).ShouldBe(["\"NAME 3\""]);
        (await AllAsync(container, "SELECT VALUE c.n FROM c ORDER BY c.upper")).ShouldBe(["0", "1", "10", "11", "2", "3", "4", "5", "6", "7", "8", "9"]);
        (await AllAsync(container, "SELECT c.upper, COUNT(1) AS n FROM c WHERE c.n = 1 GROUP BY c.upper")).ShouldBe(["""{"upper":"NAME 1","n":1}"""]);
        (await AllAsync(container, "SELECT * FROM c WHERE c.id = '1'")).Single().ShouldNotContain("upper");
    }

    [Theory]
    [InlineData("id", "SELECT VALUE UPPER(c.name) FROM c")]
    [InlineData("x", "SELECT UPPER(c.name) FROM c")]
    [InlineData("x", "SELECT VALUE UPPER(c.name) FROM c WHERE c.n = 1")]
    [InlineData("x", "SELECT VALUE UPPER(")]
    public async Task A_computed_property_that_is_none_is_refused(string name, string query)
    {
        var failure = await Should.ThrowAsync<CosmosException>(
            () => endpoint.NewContainerAsync(change: properties => properties.ComputedProperties.Add(new() { Name = name, Query = query })));

        failure.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }
}
