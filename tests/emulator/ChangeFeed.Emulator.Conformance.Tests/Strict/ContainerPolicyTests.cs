using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Azure.Cosmos;
using Newtonsoft.Json.Linq;
using static ChangeFeed.Emulator.Conformance.Tests.Expect;

namespace ChangeFeed.Emulator.Conformance.Tests.Strict;

/// <summary>The definition of a container is checked, and completed with what the service adds.</summary>
public sealed class ContainerPolicyTests(Endpoint endpoint)
{
    private Task<HttpResponseMessage> CreateAsync(string policies, params (string Name, string Value)[] headers) => endpoint.SendAsync(
        HttpMethod.Post, $"dbs/{endpoint.Database.Id}/colls", $$"""{"id":"c-{{Guid.NewGuid():N}}",{{policies}}}""", headers);

    [Theory]
    [InlineData("""  "partitionKey":{"paths":["/pk"]}  """, """["/*"]""", """["/\"_etag\"/?"]""")]
    [InlineData("""  "partitionKey":{"paths":["/pk"]},"indexingPolicy":{"automatic":true}  """, """["/*"]""", """["/\"_etag\"/?"]""")]
    [InlineData(
        """  "partitionKey":{"paths":["/pk"]},"indexingPolicy":{"excludedPaths":[{"path":"/*"}]}  """, "[]", """["/*","/\"_etag\"/?"]""")]
    [InlineData("""  "partitionKey":{"paths":["/pk"]},"indexingPolicy":{"indexingMode":"None"}  """, "[]", "[]")]
    public async Task An_indexing_policy_is_completed(string policies, string included, string excluded)
    {
        var policy = JsonNode.Parse(await CreateAsync(policies).TextAsync())!["indexingPolicy"]!;

        Paths("includedPaths").ShouldBe(JsonNode.Parse(included)!.ToJsonString());
        Paths("excludedPaths").ShouldBe(JsonNode.Parse(excluded)!.ToJsonString());
        policy["indexingMode"]!.GetValue<string>().ShouldBeOneOf("consistent", "none");

        string Paths(string name) => new JsonArray([.. policy[name]!.AsArray().Select(path => path!["path"]!.DeepClone())]).ToJsonString();
    }

    [Fact]
    public async Task Other_policies_are_completed()
    {
        var container = JsonNode.Parse(
            await CreateAsync(""" "partitionKey":{"paths":["/pk"]},"conflictResolutionPolicy":{"mode":"LastWriterWins"} """).TextAsync())!;

        container["conflictResolutionPolicy"]!["conflictResolutionPath"]!.GetValue<string>().ShouldBe("/_ts");
        container["geospatialConfig"]!["type"]!.GetValue<string>().ShouldBe("Geography");
        container["partitionKey"]!["kind"]!.GetValue<string>().ShouldBe("Hash");
    }

    [Theory]
    [InlineData(""" "indexingPolicy":{"indexingMode":"sometimes"} """, "indexingMode")]
    [InlineData(""" "indexingPolicy":{"includedPaths":[{"path":"/a/?"}]} """, "special mandatory indexing path")]
    [InlineData(""" "indexingPolicy":{"includedPaths":[{"path":"/*"},{"path":"/a-b/?"}]} """, "failed near position '2'")]
    [InlineData(""" "indexingPolicy":{"includedPaths":[{"path":"/*"},{"path":"/a"}]} """, "could not be accepted")]
    [InlineData(""" "indexingPolicy":{"includedPaths":[{"path":"/*"}],"excludedPaths":[{"path":"/*"}]} """, "more than once")]
    [InlineData(""" "indexingPolicy":{"compositeIndexes":[[{"path":"/a"}]]} """, "2 to 8")]
    [InlineData(""" "indexingPolicy":{"compositeIndexes":[[{"path":"/a"},{"path":"/b/?"}]]} """, "could not be accepted")]
    [InlineData(""" "indexingPolicy":{"compositeIndexes":[[{"path":"/a"},{"path":"/b","order":"up"}]]} """, "ascending or descending")]
    [InlineData(""" "fullTextPolicy":{"defaultLanguage":"xx-XX"} """, "unsupported language xx-XX")]
    [InlineData(""" "conflictResolutionPolicy":{"mode":"FirstWins"} """, "conflictResolutionPolicy.mode")]
    [InlineData(""" "changeFeedPolicy":{"retentionDuration":"long"} """, "retentionDuration")]
    [InlineData(""" "geospatialConfig":{"type":"Flat"} """, "geospatialConfig.type")]
    [InlineData(""" "defaultTtl":0 """, "defaultTtl")]
    [InlineData(
        """ "uniqueKeyPolicy":{"uniqueKeys":[{"paths":["/a"]},{"paths":["/a"]}]} """, "same unique key twice")]
    public async Task A_policy_that_is_wrong_is_refused_with_what_is_wrong(string policy, string message)
    {
        using var response = await CreateAsync($$""" "partitionKey":{"paths":["/pk"]},{{policy}} """);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        JsonNode.Parse(await response.Content.ReadAsStringAsync())!["message"]!.GetValue<string>().ShouldContain(message);
    }

    [Theory]
    [InlineData("/pk/")]
    [InlineData("/*")]
    [InlineData("/a-b")]
    [InlineData("pk")]
    public async Task A_partition_key_path_that_is_none_is_refused(string path)
    {
        using var response = await CreateAsync($$""" "partitionKey":{"paths":["{{path}}"]} """);
        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task What_a_container_keeps_for_its_life_cannot_be_replaced()
    {
        var container = await endpoint.NewContainerAsync(
            change: properties => properties.UniqueKeyPolicy = new() { UniqueKeys = { new() { Paths = { "/u" } } } });
        ContainerProperties read = await container.ReadContainerAsync();

        read.UniqueKeyPolicy = new() { UniqueKeys = { new() { Paths = { "/v" } } } };
        (await FaultAsync(() => container.ReplaceContainerAsync(read))).Status.ShouldBe(HttpStatusCode.BadRequest);
        read = await container.ReadContainerAsync();
        read.ConflictResolutionPolicy = new() { Mode = ConflictResolutionMode.LastWriterWins, ResolutionPath = "/n" };
        (await FaultAsync(() => container.ReplaceContainerAsync(read))).Status.ShouldBe(HttpStatusCode.BadRequest);
        read = await container.ReadContainerAsync();
        read.IndexingPolicy.ExcludedPaths.Add(new() { Path = "/big/*" });
        (await container.ReplaceContainerAsync(read)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_first_version_of_the_hash_is_kept_and_agrees_with_the_sdks()
    {
        var container = await endpoint.NewContainerAsync(change: properties => properties.PartitionKeyDefinitionVersion = PartitionKeyDefinitionVersion.V1);
        (await container.ReadContainerAsync()).Resource.PartitionKeyDefinitionVersion.ShouldBe(PartitionKeyDefinitionVersion.V1);
        PartitionKey[] keys =
        [
            .. Enumerable.Range(0, 20).Select(i => new PartitionKey($"key {i} \u00e9")), new(4.5), new(-3), new(0), new(true), PartitionKey.Null,
            new(new string('x', 90)),
        ];
        for (var i = 0; i < keys.Length; i++)
            await container.CreateItemAsync(new JObject { ["id"] = $"{i}", ["pk"] = JArray.Parse(keys[i].ToString())[0] });

        // The client finds the partition of each key by its own hash.
        var split = await container.GetFeedRangesAsync();
        split.Count.ShouldBe(4);
        foreach (var range in split)
            await endpoint.SplitAsync(container, $"{split.ToList().IndexOf(range)}");
        using var client = Endpoint.Connect(endpoint.ConnectionString);
        container = client.GetContainer(container.Database.Id, container.Id);
        (await container.GetFeedRangesAsync()).Count.ShouldBe(8);
        var read = await container.ReadManyItemsAsync<JObject>([.. keys.Select((key, i) => ($"{i}", key)), ("none", new("x"))]);
        read.Count.ShouldBe(keys.Length);
        for (var i = 0; i < keys.Length; i++)
        {
            using var feed = container.GetItemQueryIterator<JObject>(
                "SELECT * FROM c", requestOptions: new() { PartitionKey = keys[i] });
            var found = new List<string>();
            while (feed.HasMoreResults)
                found.AddRange((await feed.ReadNextAsync()).Select(item => (string)item["id"]!));
            found.ShouldBe([$"{i}"]);
        }
    }

    [Fact]
    public async Task An_old_client_makes_a_container_without_a_partition_key()
    {
        using var refused = await CreateAsync(""" "defaultTtl":-1 """);
        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);

        using var response = await CreateAsync(""" "defaultTtl":-1 """, ("x-ms-version", "2018-08-31"));
        response.StatusCode.ShouldBe(HttpStatusCode.Created);
        var id = JsonNode.Parse(await response.Content.ReadAsStringAsync())!["id"]!.GetValue<string>();
        var container = endpoint.Client.GetContainer(endpoint.Database.Id, id);
        (await container.GetFeedRangesAsync()).Count.ShouldBe(1);
        await container.CreateItemAsync(new Thing("1", "any"), PartitionKey.None);
        (await container.ReadItemAsync<Thing>("1", PartitionKey.None)).Resource.pk.ShouldBe("any");
        using var read = await endpoint.SendAsync(
            HttpMethod.Get, $"dbs/{endpoint.Database.Id}/colls/{id}/docs/1", null, ("x-ms-version", "2018-08-31"));
        read.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData(400, 1)]
    [InlineData(6000, 1)]
    [InlineData(10_000, 2)]
    [InlineData(15_000, 3)]
    public async Task Throughput_says_how_many_partitions_there_are(int throughput, int partitions)
    {
        await using var host = await EmulatorHost.StartAsync(new() { Port = 0, InMemory = true });
        using var client = Endpoint.Connect(host.ConnectionString);
        Database database = await client.CreateDatabaseAsync("d");

        Container container = await database.CreateContainerAsync("c", "/pk", throughput);

        (await container.GetFeedRangesAsync()).Count.ShouldBe(partitions);
    }

    [Fact]
    public async Task An_autoscale_maximum_that_the_service_raises_is_kept_and_shown_across_a_restart()
    {
        const string settings = """{"maxThroughput":4000,"autoUpgradePolicy":{"throughputPolicy":{"incrementPercent":10}}}""";
        var directory = Directory.CreateTempSubdirectory("emulator-").FullName;
        try
        {
            for (var start = 0; start < 2; start++)
            {
                await using var host = await EmulatorHost.StartAsync(new() { Port = 0, DataDirectory = directory });
                using var client = Endpoint.Connect(host.ConnectionString);
                Database database = await client.CreateDatabaseIfNotExistsAsync("d");
                Container container = await database.CreateContainerIfNotExistsAsync(
                    new("c", "/pk"), null as ThroughputProperties, new() { AddRequestHeaders = headers => headers.Add("x-ms-cosmos-offer-autopilot-settings", settings) });

                var throughput = await container.ReadThroughputAsync(new RequestOptions());
                Newtonsoft.Json.JsonConvert.SerializeObject(throughput.Resource).ShouldContain($"\"offerAutopilotSettings\":{settings}");
            }
            await using var last = await EmulatorHost.StartAsync(new() { Port = 0, DataDirectory = directory });
            using var again = Endpoint.Connect(last.ConnectionString);
            await again.GetContainer("d", "c").ReplaceThroughputAsync(ThroughputProperties.CreateAutoscaleThroughput(5000));
            var replaced = await again.GetContainer("d", "c").ReadThroughputAsync(new RequestOptions());
            Newtonsoft.Json.JsonConvert.SerializeObject(replaced.Resource).ShouldSatisfyAllConditions(
                text => text.ShouldContain("\"maxThroughput\":5000"), text => text.ShouldNotContain("autoUpgradePolicy"));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public async Task An_increment_that_is_none_is_refused()
    {
        using var response = await CreateAsync(
            """ "partitionKey":{"paths":["/pk"]} """,
            ("x-ms-cosmos-offer-autopilot-settings", """{"maxThroughput":4000,"autoUpgradePolicy":{"throughputPolicy":{"incrementPercent":"x"}}}"""));

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await response.Content.ReadAsStringAsync()).ShouldContain("'incrementPercent', a whole number");
    }

    [Fact]
    public async Task A_container_has_throughput_of_its_own_or_shares_that_of_its_database()
    {
        var own = await endpoint.NewContainerAsync();
        (await own.ReadThroughputAsync()).ShouldBe(400);
        (await own.ReadContainerAsync()).Headers["x-ms-share-throughput"].ShouldBe("false");

        Database shared = await endpoint.Client.CreateDatabaseAsync($"d-{Guid.NewGuid():N}", throughput: 500);
        Container container = await shared.CreateContainerAsync("c", "/pk");
        (await container.ReadThroughputAsync()).ShouldBeNull();
        (await container.ReadContainerAsync()).Headers["x-ms-share-throughput"].ShouldBe("true");
    }
}
