using System.Net;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.Emulator.Conformance.Tests.Strict;

/// <summary>A query the service has no index for is refused, though it could be answered here.</summary>
public sealed class IndexingTests(Endpoint endpoint)
{
    private const string NoComposite = "does not have a corresponding composite index";
    private const string Excluded = "The index path corresponding to the specified order-by item is excluded.";

    private static async Task<CosmosException?> FailureAsync(Container container, string query, QueryRequestOptions? options = null)
    {
        try
        {
            using var feed = container.GetItemQueryIterator<Newtonsoft.Json.Linq.JToken>(query, null, options);
            while (feed.HasMoreResults)
                await feed.ReadNextAsync();
            return null;
        }
        catch (CosmosException exception)
        {
            return exception;
        }
    }

    [Theory]
    [InlineData("SELECT * FROM c ORDER BY c.a, c.b", true)]
    [InlineData("SELECT * FROM c ORDER BY c.a DESC, c.b DESC", true)]
    [InlineData("SELECT * FROM root r ORDER BY r[\"a\"], r[\"b\"]", true)]
    [InlineData("SELECT c.a FROM c.nested AS n ORDER BY n.x, n.y", true)]
    [InlineData("SELECT * FROM c ORDER BY c.a, c.b DESC", false)]
    [InlineData("SELECT * FROM c ORDER BY c.b, c.a", false)]
    [InlineData("SELECT * FROM c ORDER BY c.a, c.b, c.c", false)]
    [InlineData("SELECT * FROM c WHERE c.a = 1 ORDER BY c.a, c.c", false)]
    public async Task Several_properties_are_ordered_by_a_composite_index_that_has_exactly_them(string query, bool served)
    {
        var container = await endpoint.NewContainerAsync(change: properties =>
        {
            properties.IndexingPolicy.AddComposite("/a", "/b");
            properties.IndexingPolicy.AddComposite("/nested/x", "/nested/y");
        });
        await container.CreateItemAsync(new { id = "1", pk = "p", a = 1, b = 2 });

        foreach (var options in new[] { null, new QueryRequestOptions { PartitionKey = new("p") } })
        {
            var failure = await FailureAsync(container, query.Replace("SELECT c.a", "SELECT n.x"), options);
            if (served)
                failure.ShouldBeNull();
            else
                failure.ShouldNotBeNull().Message.ShouldContain(NoComposite);
        }
    }

    [Theory]
    [InlineData("a", true)]
    [InlineData("kept.x", true)]
    [InlineData("id", true)]
    [InlineData("_ts", true)]
    [InlineData("out", false)]
    [InlineData("out.x", false)]
    [InlineData("out.back", true)]
    [InlineData("kept.one", false)]
    [InlineData("_etag", false)]
    public async Task One_property_is_ordered_by_where_its_path_is_indexed(string property, bool served)
    {
        var container = await endpoint.NewContainerAsync(change: properties =>
        {
            properties.IndexingPolicy.IncludedPaths.Add(new() { Path = "/*" });
            properties.IndexingPolicy.IncludedPaths.Add(new() { Path = "/out/back/?" });
            properties.IndexingPolicy.ExcludedPaths.Add(new() { Path = "/out/*" });
            properties.IndexingPolicy.ExcludedPaths.Add(new() { Path = "/kept/one/?" });
        });

        var failure = await FailureAsync(container, $"SELECT * FROM c ORDER BY c.{property}");

        if (served)
            failure.ShouldBeNull();
        else
            failure.ShouldNotBeNull().Message.ShouldContain(Excluded);
    }

    [Fact]
    public async Task Without_an_index_there_is_no_filter_and_no_order_unless_a_scan_is_allowed()
    {
        var container = await endpoint.NewContainerAsync(change: properties =>
            properties.IndexingPolicy = new() { IndexingMode = IndexingMode.None, Automatic = false });

        (await FailureAsync(container, "SELECT * FROM c")).ShouldBeNull();
        (await FailureAsync(container, "SELECT * FROM c ORDER BY c.a")).ShouldNotBeNull().Message.ShouldContain(Excluded);
        var filter = (await FailureAsync(container, "SELECT * FROM c WHERE c.a = 1")).ShouldNotBeNull();
        filter.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        filter.Message.ShouldContain("Consider adding allow scan header");
        (await FailureAsync(container, "SELECT * FROM c WHERE c.a = 1", new() { EnableScanInQuery = true })).ShouldBeNull();
    }

    [Fact]
    public async Task A_lenient_store_serves_them()
    {
        await using var host = await EmulatorHost.StartAsync(new() { Port = 0, InMemory = true, LenientIndexing = true });
        using var client = Endpoint.Connect(host.ConnectionString);
        Database database = await client.CreateDatabaseAsync("d");
        Container container = await database.CreateContainerAsync("c", "/pk");

        (await FailureAsync(container, "SELECT * FROM c ORDER BY c.a, c.b")).ShouldBeNull();
        (await FailureAsync(container, "SELECT * FROM c ORDER BY c._etag")).ShouldBeNull();
    }

    [Fact]
    public async Task Joined_values_are_not_ordered_by()
    {
        var container = await endpoint.NewContainerAsync();

        foreach (var query in new[]
        {
            "SELECT VALUE f.g FROM c JOIN f IN c.kids ORDER BY f.g", "SELECT VALUE f FROM f IN c.kids ORDER BY f.g",
            "SELECT VALUE t FROM c JOIN (SELECT VALUE t FROM t IN c.tags) AS t ORDER BY t",
        })
            (await FailureAsync(container, query)).ShouldNotBeNull().Message.ShouldContain("Order-by over correlated collections is not supported.");
    }
}
