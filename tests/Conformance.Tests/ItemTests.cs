using System.Net;
using Microsoft.Azure.Cosmos;

namespace OrderPipeline.Conformance.Tests;

public sealed class ItemTests(Endpoint endpoint)
{


    [Fact]
    public async Task An_item_is_created_read_replaced_upserted_and_deleted()
    {
        var container = await endpoint.NewContainer();
        var created = await container.CreateItemAsync(new Thing("1", "a", 1));
        created.StatusCode.ShouldBe(HttpStatusCode.Created);
        created.ETag.ShouldNotBeNullOrEmpty();
        created.Headers.Session.ShouldNotBeNullOrEmpty();

        var read = await container.ReadItemAsync<Thing>("1", new("a"));
        read.Resource.ShouldBe(new("1", "a", 1));
        read.ETag.ShouldBe(created.ETag);

        var replaced = await container.ReplaceItemAsync(new Thing("1", "a", 2), "1", new PartitionKey("a"));
        replaced.StatusCode.ShouldBe(HttpStatusCode.OK);
        replaced.ETag.ShouldNotBe(created.ETag);

        (await container.UpsertItemAsync(new Thing("1", "a", 3))).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await container.UpsertItemAsync(new Thing("2", "a", 4))).StatusCode.ShouldBe(HttpStatusCode.Created);
        (await container.DeleteItemAsync<Thing>("1", new("a"))).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await Fault(() => container.ReadItemAsync<Thing>("1", new("a")))).ShouldBe((HttpStatusCode.NotFound, 0));
    }

    [Fact]
    public async Task Creating_an_item_twice_conflicts() 
    {
        var container = await endpoint.NewContainer();
        await container.CreateItemAsync(new Thing("1", "a", 1));
        (await Fault(() => container.CreateItemAsync(new Thing("1", "a", 1)))).Status.ShouldBe(HttpStatusCode.Conflict);
        await container.CreateItemAsync(new Thing("1", "b", 1));
    }

    [Fact]
    public async Task A_stale_etag_is_refused()
    {
        var container = await endpoint.NewContainer();
        var first = await container.CreateItemAsync(new Thing("1", "a", 1));
        await container.UpsertItemAsync(new Thing("1", "a", 2));
        var stale = new ItemRequestOptions { IfMatchEtag = first.ETag };
        (await Fault(() => container.ReplaceItemAsync(new Thing("1", "a", 3), "1", new PartitionKey("a"), stale))).Status.ShouldBe(HttpStatusCode.PreconditionFailed);
        (await Fault(() => container.DeleteItemAsync<Thing>("1", new("a"), stale))).Status.ShouldBe(HttpStatusCode.PreconditionFailed);
    }

    static async Task<(HttpStatusCode Status, int SubStatus)> Fault(Func<Task> action)
    {
        var exception = await Should.ThrowAsync<CosmosException>(action);
        return (exception.StatusCode, exception.SubStatusCode);
    }
}

public sealed record Thing(string id, string pk, int n);
