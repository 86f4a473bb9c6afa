using System.Net;
using System.Text;
using Microsoft.Azure.Cosmos;
using static ChangeFeed.Emulator.Conformance.Tests.Expect;

namespace ChangeFeed.Emulator.Conformance.Tests;

public sealed class ItemTests(Endpoint endpoint)
{
    [Fact]
    public async Task An_item_is_created_read_replaced_upserted_and_deleted()
    {
        var container = await endpoint.NewContainerAsync();
        var created = await container.CreateItemAsync(new Thing("1", "a", 1));
        created.StatusCode.ShouldBe(HttpStatusCode.Created);
        created.ETag.ShouldNotBeNullOrEmpty();
        created.Headers.Session.ShouldNotBeNullOrEmpty();
        created.RequestCharge.ShouldBeGreaterThan(1);

        var read = await container.ReadItemAsync<Thing>("1", new("a"));
        read.Resource.ShouldBe(new("1", "a", 1));
        read.ETag.ShouldBe(created.ETag);

        var replaced = await container.ReplaceItemAsync(new Thing("1", "a", 2), "1", new PartitionKey("a"));
        replaced.StatusCode.ShouldBe(HttpStatusCode.OK);
        replaced.ETag.ShouldNotBe(created.ETag);

        (await container.UpsertItemAsync(new Thing("1", "a", 3))).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await container.UpsertItemAsync(new Thing("2", "a", 4))).StatusCode.ShouldBe(HttpStatusCode.Created);
        (await container.DeleteItemAsync<Thing>("1", new("a"))).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await FaultAsync(() => container.ReadItemAsync<Thing>("1", new("a")))).ShouldBe((HttpStatusCode.NotFound, 0));
        (await FaultAsync(() => container.ReplaceItemAsync(new Thing("1", "a"), "1"))).ShouldBe((HttpStatusCode.NotFound, 0));
        (await FaultAsync(() => container.DeleteItemAsync<Thing>("1", new("a")))).ShouldBe((HttpStatusCode.NotFound, 0));
    }

    [Fact]
    public async Task An_id_is_unique_within_its_partition_key_only()
    {
        var container = await endpoint.NewContainerAsync();
        await container.CreateItemAsync(new Thing("1", "a"));
        (await FaultAsync(() => container.CreateItemAsync(new Thing("1", "a")))).ShouldBe((HttpStatusCode.Conflict, 0));
        await container.CreateItemAsync(new Thing("1", "b"));
    }

    [Fact]
    public async Task A_stale_etag_is_refused_and_a_current_one_spares_the_body()
    {
        var container = await endpoint.NewContainerAsync();
        var first = await container.CreateItemAsync(new Thing("1", "a", 1));
        var second = await container.UpsertItemAsync(new Thing("1", "a", 2), null, new() { IfMatchEtag = first.ETag });
        var stale = new ItemRequestOptions { IfMatchEtag = first.ETag };
        (await FaultAsync(() => container.ReplaceItemAsync(new Thing("1", "a", 3), "1", null, stale))).ShouldBe(
            (HttpStatusCode.PreconditionFailed, 0));
        (await FaultAsync(() => container.UpsertItemAsync(new Thing("1", "a", 3), null, stale))).ShouldBe(
            (HttpStatusCode.PreconditionFailed, 0));
        (await FaultAsync(() => container.DeleteItemAsync<Thing>("1", new("a"), stale))).ShouldBe((HttpStatusCode.PreconditionFailed, 0));

        using var unchanged = await container.ReadItemStreamAsync("1", new("a"), new() { IfNoneMatchEtag = second.ETag });
        unchanged.StatusCode.ShouldBe(HttpStatusCode.NotModified);
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("a%20b")]
    [InlineData("1+1=2")]
    [InlineData("it's \"quoted\"")]
    [InlineData("a&b;c")]
    [InlineData("[x]{y}")]
    [InlineData("Überraschung-日本")]
    public async Task Ids_with_odd_characters_are_addressed_as_they_are(string id)
    {
        var container = await endpoint.NewContainerAsync();
        await container.CreateItemAsync(new Thing(id, id));
        (await container.ReadItemAsync<Thing>(id, new(id))).Resource.id.ShouldBe(id);
        await container.DeleteItemAsync<Thing>(id, new(id));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\0b")]
    public async Task Ids_that_break_the_rules_are_refused(string id)
    {
        var container = await endpoint.NewContainerAsync();
        (await FaultAsync(() => container.CreateItemAsync(new Thing(id, "a")))).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Partition_keys_of_all_kinds_are_kept_apart()
    {
        var container = await endpoint.NewContainerAsync();
        (PartitionKey Key, string Json)[] cases =
        [
            (new("a"), "\"a\""), (new(1.5), "1.5"), (new(true), "true"), (new(false), "false"), (PartitionKey.Null, "null"),
            (PartitionKey.None, ""),
            (new("1.5"), "\"1.5\""), (new("ü€"), "\"ü€\""),
        ];
        foreach (var (key, json) in cases)
            (await CreateAsync(
                container,
                $$"""{"id":"x","v":{{(json == "" ? "0" : json)}}{{(json == "" ? "" : $",\"pk\":{json}")}}}""",
                key)).ShouldBe(HttpStatusCode.Created);
        foreach (var (key, json) in cases)
        {
            using var read = await container.ReadItemStreamAsync("x", key);
            read.StatusCode.ShouldBe(HttpStatusCode.OK, json);
            new StreamReader(read.Content).ReadToEnd().ShouldContain($"\"v\":{(json == "" ? "0" : json)}");
        }
    }

    [Fact]
    public async Task The_key_in_the_item_must_be_the_key_of_the_request()
    {
        var container = await endpoint.NewContainerAsync();
        (await FaultAsync(() => container.CreateItemAsync(new Thing("1", "a"), new PartitionKey("b")))).ShouldBe(
            (HttpStatusCode.BadRequest, 1001));
    }

    [Fact]
    public async Task Properties_keep_their_order_and_numbers_their_spelling()
    {
        var container = await endpoint.NewContainerAsync();
        const string json = """{"z":1.0,"id":"1","pk":"a","big":12345678901234567890,"tiny":1e-7,"a":{"y":[],"x":null}""";
        (await CreateAsync(container, json + ",\"_ts\":5,\"_rid\":\"zzz\"}", new("a"))).ShouldBe(HttpStatusCode.Created);
        using var read = await container.ReadItemStreamAsync("1", new("a"));
        var text = await new StreamReader(read.Content).ReadToEndAsync();
        text.ShouldStartWith(json + ",\"_rid\":\"");
        text.ShouldNotContain("zzz");
        text.ShouldContain("\"_attachments\":\"attachments/\"");
    }

    [Theory]
    [InlineData("""{"pk":"a"}""")]
    [InlineData("""{"id":1,"pk":"a"}""")]
    [InlineData("""{"id":"1","pk":"a" """)]
    [InlineData("""{"id":"1","pk":"a"} x""")]
    [InlineData("""["id"]""")]
    [InlineData("")]
    public async Task Items_that_are_no_proper_json_are_refused(string json)
    {
        var container = await endpoint.NewContainerAsync();
        (await CreateAsync(container, json, new("a"))).ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task An_item_over_two_megabytes_is_refused()
    {
        var container = await endpoint.NewContainerAsync();
        (await CreateAsync(
            container, $$"""{"id":"1","pk":"a","s":"{{new string('x', 2 * 1024 * 1024)}}"}""", new("a"))).ShouldBe(
                HttpStatusCode.RequestEntityTooLarge);
        (await CreateAsync(
            container, $$"""{"id":"1","pk":"a","s":"{{new string('x', 2 * 1024 * 1024 - 500)}}"}""", new("a"))).ShouldBe(
                HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_client_that_wants_no_body_gets_none()
    {
        var container = await endpoint.NewContainerAsync();
        var created = await container.CreateItemAsync(new Thing("1", "a"), null, new() { EnableContentResponseOnWrite = false });
        created.StatusCode.ShouldBe(HttpStatusCode.Created);
        created.Resource.ShouldBeNull();
        created.ETag.ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task A_wrong_account_key_is_refused()
    {
        var key = Convert.ToBase64String(new byte[64]);
        using var client = Endpoint.Connect($"AccountEndpoint={endpoint.Address};AccountKey={key}");
        (await FaultAsync(() => client.ReadAccountAsync())).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task All_items_of_a_container_are_listed_page_by_page()
    {
        var container = await endpoint.NewContainerAsync();
        for (var i = 0; i < 25; i++)
            await container.CreateItemAsync(new Thing($"{i}", $"k{i}"));
        using var feed = container.GetItemQueryIterator<Thing>((string?)null, null, new() { MaxItemCount = 4 });
        var ids = new List<string>();
        while (feed.HasMoreResults)
            ids.AddRange((await feed.ReadNextAsync()).Select(thing => thing.id));
        ids.Count.ShouldBe(25);
        ids.Distinct().Count().ShouldBe(25);
    }

    private static async Task<HttpStatusCode> CreateAsync(Container container, string json, PartitionKey key)
    {
        using var response = await container.CreateItemStreamAsync(new MemoryStream(Encoding.UTF8.GetBytes(json)), key);
        return response.StatusCode;
    }
}
