using System.Net;
using System.Text;
using Microsoft.Azure.Cosmos;
using static ChangeFeed.Emulator.Conformance.Tests.Expect;

namespace ChangeFeed.Emulator.Conformance.Tests.Strict;

/// <summary>Items the service takes, and those it does not.</summary>
public sealed class ItemRuleTests(Endpoint endpoint)
{
    private static Task<ResponseMessage> CreateAsync(Container container, string json) =>
        container.CreateItemStreamAsync(new MemoryStream(Encoding.UTF8.GetBytes(json)), new PartitionKey("a"));

    [Theory]
    [InlineData("null")]
    [InlineData("0")]
    [InlineData("-2")]
    [InlineData("\"1\"")]
    [InlineData("1.5")]
    public async Task A_time_to_live_that_is_none_is_refused(string ttl)
    {
        var container = await endpoint.NewContainerAsync();

        using var response = await CreateAsync(container, $$"""{"id":"1","pk":"a","ttl":{{ttl}}}""");

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        response.ErrorMessage.ShouldContain($"The input ttl '{ttl.Trim('"')}' is invalid.");
    }

    [Fact]
    public async Task A_replacement_can_have_another_id_unless_that_is_taken()
    {
        var container = await endpoint.NewContainerAsync();
        await container.CreateItemAsync(new Thing("old", "a", 1));
        await container.CreateItemAsync(new Thing("taken", "a", 2));

        (await FaultAsync(() => container.ReplaceItemAsync(new Thing("taken", "a"), "old", new PartitionKey("a")))).Status
            .ShouldBe(HttpStatusCode.Conflict);
        var replaced = await container.ReplaceItemAsync(new Thing("new", "a", 3), "old", new PartitionKey("a"));

        replaced.StatusCode.ShouldBe(HttpStatusCode.OK);
        replaced.Resource.id.ShouldBe("new");
        (await container.ReadItemAsync<Thing>("new", new("a"))).Resource.n.ShouldBe(3);
        (await FaultAsync(() => container.ReadItemAsync<Thing>("old", new("a")))).Status.ShouldBe(HttpStatusCode.NotFound);
        var batch = await container.CreateTransactionalBatch(new("a")).ReplaceItem("new", new Thing("newer", "a", 4)).ExecuteAsync();
        batch.IsSuccessStatusCode.ShouldBeTrue();
        (await container.ReadItemAsync<Thing>("newer", new("a"))).Resource.n.ShouldBe(4);
        using var feed = container.GetItemQueryIterator<string>("SELECT VALUE c.id FROM c WHERE c.id = 'newer' OR c.id = 'old'");
        var ids = new List<string>();
        while (feed.HasMoreResults)
            ids.AddRange(await feed.ReadNextAsync());
        ids.ShouldBe(["newer"]);
    }

    [Theory]
    [InlineData("what?")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("a#b")]
    public async Task An_id_may_have_characters_of_addresses(string id)
    {
        var container = await endpoint.NewContainerAsync();
        await container.CreateItemAsync(new Thing(id, "a", 7));

        using var read = await endpoint.SendAsync(
            HttpMethod.Get, $"dbs/{container.Database.Id}/colls/{container.Id}/docs/{Uri.EscapeDataString(id)}", null,
            ("x-ms-documentdb-partitionkey", "[\"a\"]"));

        read.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task An_id_has_as_many_bytes_as_the_service_allows()
    {
        var container = await endpoint.NewContainerAsync();
        var longest = new string('x', 1023);
        await container.CreateItemAsync(new Thing(longest, "a", 7));
        (await container.ReadItemAsync<Thing>(longest, new("a"))).Resource.n.ShouldBe(7);
        (await FaultAsync(() => container.CreateItemAsync(new Thing(longest + "x", "a")))).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await FaultAsync(() => container.CreateItemAsync(new Thing("\0", "a")))).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_partition_key_has_as_many_bytes_as_the_service_allows()
    {
        var container = await endpoint.NewContainerAsync();
        await container.CreateItemAsync(new Thing("1", new string('x', 2048)));
        (await FaultAsync(() => container.CreateItemAsync(new Thing("1", new string('x', 2049))))).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Control_characters_may_stand_in_strings_as_they_are()
    {
        var container = await endpoint.NewContainerAsync();

        using var created = await CreateAsync(container, "{\n\"id\":\"1\",\"pk\":\"a\",\"text\":\"line\u0001\n\\\"two\\\\\"}");

        created.StatusCode.ShouldBe(HttpStatusCode.Created);
        var read = await container.ReadItemAsync<Newtonsoft.Json.Linq.JObject>("1", new("a"));
        read.Resource["text"]!.ToString().ShouldBe("line\u0001\n\"two\\");
    }

    [Fact]
    public async Task A_batch_with_an_item_not_modified_is_of_several_statuses()
    {
        var container = await endpoint.NewContainerAsync();
        var written = await container.CreateItemAsync(new Thing("1", "a"));

        var batch = await container.CreateTransactionalBatch(new("a"))
            .ReadItem("1", new() { IfNoneMatchEtag = written.ETag }).CreateItem(new Thing("2", "a")).ExecuteAsync();

        batch.StatusCode.ShouldBe(HttpStatusCode.MultiStatus);
        batch.Select(result => result.StatusCode).ShouldBe([HttpStatusCode.NotModified, HttpStatusCode.Created]);
    }

    [Fact]
    public async Task Refusals_have_the_words_of_the_service()
    {
        var container = await endpoint.NewContainerAsync();
        var written = await container.CreateItemAsync(new Thing("1", "a"));

        (await MessageAsync(() => container.ReadItemAsync<Thing>("2", new("a")))).ShouldContain("Resource Not Found");
        (await MessageAsync(() => container.CreateItemAsync(new Thing("1", "a")))).ShouldContain("Resource with specified id or name already exists");
        await container.UpsertItemAsync(new Thing("1", "a", 2));
        (await MessageAsync(() => container.DeleteItemAsync<Thing>("1", new("a"), new() { IfMatchEtag = written.ETag })))
            .ShouldContain("One of the specified pre-condition is not met");
        (await MessageAsync(() => container.CreateItemAsync(new Thing("3", "a"), new PartitionKey("b"))))
            .ShouldContain("PartitionKey extracted from document doesn't match the one specified in the header");
    }

    private static async Task<string> MessageAsync(Func<Task> action) => (await Should.ThrowAsync<CosmosException>(action)).Message;
}
