using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.Emulator.Conformance.Tests.Strict;

/// <summary>What requests must have, and what every answer has.</summary>
public sealed class RequestTests(Endpoint endpoint)
{
    private static string PathOf(Container container) => $"dbs/{container.Database.Id}/colls/{container.Id}";

    [Theory]
    [InlineData("x-ms-consistency-level", "Sometimes")]
    [InlineData("x-ms-consistency-level", "Strong")]
    [InlineData("x-ms-indexing-directive", "Perhaps")]
    [InlineData("x-ms-cosmos-supported-serialization-formats", "JsonText,Xml")]
    [InlineData("x-ms-version", "newest")]
    [InlineData("x-ms-max-item-count", "-2")]
    [InlineData("x-ms-max-item-count", "0")]
    [InlineData("x-ms-max-item-count", "many")]
    [InlineData("x-ms-exclude-system-properties", "maybe")]
    [InlineData("x-ms-documentdb-is-upsert", "maybe")]
    [InlineData("x-ms-session-token", "yesterday")]
    public async Task A_header_that_says_nothing_is_refused(string name, string value)
    {
        var container = await endpoint.NewContainerAsync();

        using var response = await endpoint.SendAsync(
            HttpMethod.Get, $"{PathOf(container)}/docs", null, (name, value), ("x-ms-documentdb-partitionkeyrangeid", "0"));

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest, await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("x-ms-consistency-level", "Eventual")]
    [InlineData("x-ms-indexing-directive", "Exclude")]
    [InlineData("x-ms-cosmos-supported-serialization-formats", "JsonText, CosmosBinary")]
    [InlineData("x-ms-max-item-count", "-1")]
    [InlineData("x-ms-session-token", "0:0#0,7:-1#99")]
    public async Task A_header_that_says_something_is_taken(string name, string value)
    {
        var container = await endpoint.NewContainerAsync();

        using var response = await endpoint.SendAsync(
            HttpMethod.Get, $"{PathOf(container)}/docs", null, (name, value), ("x-ms-documentdb-partitionkeyrangeid", "0"));

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData(-11 * 365 * 24 * 60, false)]
    [InlineData(-16, false)]
    [InlineData(16, false)]
    [InlineData(-14, true)]
    [InlineData(2, true)]
    public async Task A_request_counts_for_a_quarter_of_an_hour(int minutes, bool taken)
    {
        using var response = await endpoint.SendAsync(HttpMethod.Get, "dbs", DateTimeOffset.UtcNow.AddMinutes(minutes), null);

        response.StatusCode.ShouldBe(taken ? HttpStatusCode.OK : HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Every_answer_has_an_activity_of_its_own_or_the_one_it_was_given()
    {
        using var read = await endpoint.SendAsync(HttpMethod.Get, "dbs");
        using var other = await endpoint.SendAsync(HttpMethod.Get, "dbs/nosuch");
        Guid.Parse(read.Header("x-ms-activity-id")!).ShouldNotBe(Guid.Parse(other.Header("x-ms-activity-id")!));

        var given = Guid.NewGuid().ToString();
        using var answered = await endpoint.SendAsync(HttpMethod.Get, "dbs", null, ("x-ms-activity-id", given));
        answered.Header("x-ms-activity-id").ShouldBe(given);
    }

    [Fact]
    public async Task Answers_name_what_they_belong_to()
    {
        Database database = await endpoint.Client.CreateDatabaseAsync($"d \u00e9 {Guid.NewGuid():N}");
        var created = await database.CreateContainerAsync("c c", "/pk");
        var rid = created.Resource.SelfLink.Split('/')[3];
        using var raw = await endpoint.SendAsync(HttpMethod.Get, $"dbs/{Uri.EscapeDataString(database.Id)}/colls/c%20c");
        raw.Header("x-ms-alt-content-path").ShouldBe($"dbs/{Uri.EscapeDataString(database.Id)}");

        var item = await created.Container.CreateItemAsync(new Thing("1", "a"));
        item.Headers["x-ms-content-path"].ShouldBe(rid);
        // The SDK shows it decoded.
        item.Headers["x-ms-alt-content-path"].ShouldBe($"dbs/{database.Id}/colls/c c");
        using var missing = await created.Container.ReadItemStreamAsync("none", new("a"));
        missing.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        missing.Headers["x-ms-content-path"].ShouldBeNull();
    }

    [Fact]
    public async Task A_read_of_a_session_that_has_seen_more_than_there_is_is_refused()
    {
        var container = await endpoint.NewContainerAsync();
        var written = await container.CreateItemAsync(new Thing("1", "a"));
        var range = written.Headers.Session.Split(':')[0];

        using var response = await endpoint.SendAsync(
            HttpMethod.Get, $"{PathOf(container)}/docs/1", null,
            ("x-ms-session-token", $"{range}:0#999"), ("x-ms-documentdb-partitionkey", "[\"a\"]"));

        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        response.Header("x-ms-substatus").ShouldBe("1002");
    }

    [Fact]
    public async Task Lists_are_read_page_by_page()
    {
        Database database = await endpoint.Client.CreateDatabaseAsync($"d-{Guid.NewGuid():N}");
        for (var i = 0; i < 5; i++)
            await database.CreateContainerAsync($"c{i}", "/pk");
        using var feed = database.GetContainerQueryIterator<ContainerProperties>(requestOptions: new() { MaxItemCount = 2 });

        var pages = new List<int>();
        var names = new List<string>();
        while (feed.HasMoreResults)
        {
            var page = await feed.ReadNextAsync();
            pages.Add(page.Count);
            names.AddRange(page.Select(container => container.Id));
        }

        pages.ShouldBe([2, 2, 1]);
        names.ShouldBe(["c0", "c1", "c2", "c3", "c4"]);
    }

    [Fact]
    public async Task An_item_is_found_by_its_rid()
    {
        var container = await endpoint.NewContainerAsync();
        await container.CreateItemAsync(new Thing("1", "a", 5));
        var self = (await container.ReadItemAsync<Newtonsoft.Json.Linq.JObject>("1", new("a"))).Resource["_self"]!.ToString().TrimEnd('/');
        (string, string) key = ("x-ms-documentdb-partitionkey", "[\"a\"]");

        JsonNode.Parse(await endpoint.SendAsync(HttpMethod.Get, self, null, key).TextAsync())!["n"]!.GetValue<int>().ShouldBe(5);
        using var replaced = await endpoint.SendAsync(HttpMethod.Put, self, """{"id":"1","pk":"a","n":6}""", key);
        replaced.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await container.ReadItemAsync<Thing>("1", new("a"))).Resource.n.ShouldBe(6);
    }

    [Fact]
    public async Task All_items_of_a_partition_key_are_deleted_at_once()
    {
        var container = await endpoint.NewContainerAsync();
        for (var i = 0; i < 130; i++)
            await container.CreateItemAsync(new Thing($"{i}", i % 10 == 0 ? "other" : "gone"));

        using var response = await endpoint.SendAsync(
            HttpMethod.Post, $"{PathOf(container)}/operations/partitionkeydelete", "", ("x-ms-documentdb-partitionkey", "[\"gone\"]"));

        response.StatusCode.ShouldBe(HttpStatusCode.OK, await response.Content.ReadAsStringAsync());
        using var feed = container.GetItemQueryIterator<int>("SELECT VALUE COUNT(1) FROM c");
        (await feed.ReadNextAsync()).Single().ShouldBe(13);
    }

    [Fact]
    public async Task A_container_says_what_it_holds_when_asked()
    {
        var container = await endpoint.NewContainerAsync();
        await container.CreateItemAsync(new Thing("1", "a"));

        var read = await container.ReadContainerAsync(new() { PopulateQuotaInfo = true });

        read.Headers["x-ms-resource-usage"].ShouldContain("documentsCount=1");
        read.Headers["x-ms-resource-quota"].ShouldContain("collectionSize=");
        read.Headers["x-ms-documentdb-collection-index-transformation-progress"].ShouldBe("100");
    }
}
