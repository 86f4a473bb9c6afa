using System.Net;
using ChangeFeed.EventStore.Cosmos;
using ChangeFeed.Migration.Tests.Support;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.Migration.Tests.Directed;

/// <summary>Who knows the old container works on, on whichever side.</summary>
public sealed class DirectedContainerTests(TwoStores stores) : IClassFixture<TwoStores>
{
    private static readonly PartitionKey Ann = new("ann");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Documents_are_read_and_written_on_either_side_by_their_key(bool switched)
    {
        await using var baskets = await SideAsync(switched);
        using (var created = await baskets.Container.CreateItemStreamAsync(DirectedBaskets.Body("ann", "1"), Ann, cancellationToken: TwoStores.Stop))
            created.StatusCode.ShouldBe(HttpStatusCode.Created);
        using (var again = await baskets.Container.CreateItemStreamAsync(DirectedBaskets.Body("ann", "1"), Ann, cancellationToken: TwoStores.Stop))
            again.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        var read = await baskets.Container.ReadItemAsync<Basket>("1", Ann, cancellationToken: TwoStores.Stop);
        read.Resource.items.ShouldBe(1);
        var known = new ItemRequestOptions { IfMatchEtag = read.ETag };
        using (var replaced = await baskets.Container.ReplaceItemStreamAsync(DirectedBaskets.Body("ann", "1", 2), "1", Ann, known, TwoStores.Stop))
            replaced.StatusCode.ShouldBe(HttpStatusCode.OK);
        using (var stale = await baskets.Container.ReplaceItemStreamAsync(DirectedBaskets.Body("ann", "1", 3), "1", Ann, known, TwoStores.Stop))
            stale.StatusCode.ShouldBe(HttpStatusCode.PreconditionFailed);
        using (var patched = await baskets.Container.PatchItemStreamAsync(
            "1", Ann, [PatchOperation.Increment("/items", 5)], cancellationToken: TwoStores.Stop))
            patched.StatusCode.ShouldBe(HttpStatusCode.OK);
        using (var document = await baskets.Container.FindAsync("1", "ann", TwoStores.Stop))
            document!.RootElement.GetProperty("items").GetInt32().ShouldBe(7);
        using (var deleted = await baskets.Container.DeleteItemStreamAsync("1", Ann, cancellationToken: TwoStores.Stop))
            deleted.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await baskets.Container.FindAsync("1", "ann", TwoStores.Stop)).ShouldBeNull();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Batches_are_done_on_either_side_as_a_whole(bool switched)
    {
        await using var baskets = await SideAsync(switched);
        await baskets.PutAsync("ann", "old");
        using var done = await baskets.Container.CreateTransactionalBatch(Ann)
            .CreateItemStream(DirectedBaskets.Body("ann", "1"))
            .UpsertItemStream(DirectedBaskets.Body("ann", "2"))
            .ReplaceItemStream("1", DirectedBaskets.Body("ann", "1", 4))
            .PatchItem("2", [PatchOperation.Set("/items", 9)])
            .ReadItem("1")
            .DeleteItem("old")
            .ExecuteAsync(TwoStores.Stop);
        done.IsSuccessStatusCode.ShouldBeTrue(done.ErrorMessage);
        using var refused = await baskets.Container.CreateTransactionalBatch(Ann)
            .CreateItemStream(DirectedBaskets.Body("ann", "3")).CreateItemStream(DirectedBaskets.Body("ann", "1")).ExecuteAsync(TwoStores.Stop);
        refused.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await baskets.IdsAsync()).Order().ShouldBe(["1", "2"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Queries_and_feeds_are_read_on_either_side(bool switched)
    {
        await using var baskets = await SideAsync(switched);
        for (var i = 0; i < 10; i++)
            await baskets.PutAsync(i < 6 ? "ann" : $"other-{i}", $"{i}");
        (await baskets.IdsAsync()).Count.ShouldBe(10);
        (await baskets.IdsAsync(new QueryRequestOptions { PartitionKey = Ann, EnableOptimisticDirectExecution = true })).Count.ShouldBe(6);
        using var count = baskets.Container.GetItemQueryIterator<int>("SELECT VALUE COUNT(1) FROM c");
        (await count.ReadNextAsync(TwoStores.Stop)).Sum().ShouldBe(10);

        var (queried, fed) = (new List<string>(), new List<string>());
        foreach (var range in await baskets.Container.GetFeedRangesAsync(TwoStores.Stop))
        {
            using var query = baskets.Container.GetItemQueryStreamIterator(range, new QueryDefinition("SELECT VALUE c.id FROM c"), null);
            await foreach (var page in query.ReadPagesAsync(TwoStores.Stop))
                queried.AddRange(page.Documents.Select(id => id.GetString()!));
            fed.AddRange(await FeedAsync(baskets.Container, ChangeFeedStartFrom.Beginning(range)));
        }

        queried.Count.ShouldBe(10);
        fed.Count.ShouldBe(10);
    }

    [Fact]
    public async Task An_iterator_that_began_ends_where_it_began_and_has_all_of_it()
    {
        await using var baskets = await SideAsync(switched: false);
        for (var i = 0; i < 20; i++)
            await baskets.PutAsync("ann", $"{i}");
        using var pages = baskets.Container.GetItemQueryStreamIterator(
            "SELECT VALUE c.id FROM c", requestOptions: new QueryRequestOptions { PartitionKey = Ann, MaxItemCount = 5 });
        var ids = new List<string>();
        using (var first = await pages.ReadPageAsync(TwoStores.Stop))
            ids.AddRange(first.Documents.Select(id => id.GetString()!));
        await baskets.SwitchAsync();
        await foreach (var page in pages.ReadPagesAsync(TwoStores.Stop))
            ids.AddRange(page.Documents.Select(id => id.GetString()!));
        ids.Distinct().Count().ShouldBe(20);
    }

    [Fact]
    public async Task A_position_of_the_other_container_is_refused_and_holds_again_when_that_serves_again()
    {
        await using var baskets = await SideAsync(switched: false);
        await baskets.PutAsync("ann", "1");
        var position = "";
        await foreach (var page in baskets.Container.ReadFeedToEndAsync(
            ChangeFeedStartFrom.Beginning(), null, ChangeFeedMode.LatestVersion, new ChangeFeedRequestOptions(), TwoStores.Stop))
            position = page.Continuation!;
        await baskets.SwitchAsync();
        await baskets.PutAsync("ann", "2");
        var refused = await Should.ThrowAsync<CosmosException>(() => FeedAsync(baskets.Container, ChangeFeedStartFrom.ContinuationToken(position)));
        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        await baskets.SwitchAsync(forward: false);
        (await FeedAsync(baskets.Container, ChangeFeedStartFrom.ContinuationToken(position))).ShouldBe(["2"]);
    }

    [Fact]
    public async Task What_may_not_be_done_twice_says_so_and_what_is_not_done_at_all_says_what_to_do()
    {
        await using var baskets = await SideAsync(switched: false);
        var none = await Should.ThrowAsync<NotSupportedException>(() => baskets.Container.CreateItemAsync(new Basket("1", "ann", 1)));
        none.Message.ShouldBe("A container behind a directory does not do this: use CreateItemStreamAsync.");
        Should.Throw<NotSupportedException>(() => baskets.Container.GetChangeFeedProcessorBuilder("x", (IReadOnlyCollection<int> _, CancellationToken _) =>
            Task.CompletedTask)).Message.ShouldContain("RouteAsync");
    }

    [Fact]
    public async Task Consumers_of_the_feed_are_told_of_each_switch_and_of_both_sides()
    {
        await using var baskets = await SideAsync(switched: false);
        var first = await baskets.Directed.RouteAsync(0, TwoStores.Stop);
        (first.Generation, first.Serving.Location, first.Former).ShouldBe((1, TwoStores.Old(baskets.Name), null));
        var waiting = baskets.Directed.RouteAsync(1, TwoStores.Stop);
        await baskets.PutAsync("ann", "1");
        waiting.IsCompleted.ShouldBeFalse();
        await baskets.SwitchAsync();
        var second = await waiting;
        (second.Generation, second.Serving.Location, second.Former!.Location).ShouldBe((2, TwoStores.New(baskets.Name), TwoStores.Old(baskets.Name)));
        second.Serving.Since.ShouldNotBeNull();
        second.Former.Session.ShouldNotBeNull("the member that wrote said how far it got");
        (await second.Serving.Container.FindAsync("1", "ann", TwoStores.Stop)).ShouldNotBeNull("it is asked in the terms of the old one");
        waiting = baskets.Directed.RouteAsync(2, TwoStores.Stop);
        await baskets.SwitchAsync(forward: false);
        (await waiting).Former!.Location.ShouldBe(TwoStores.New(baskets.Name));
    }

    private static async Task<List<string>> FeedAsync(Container container, ChangeFeedStartFrom start)
    {
        var ids = new List<string>();
        await foreach (var page in container.ReadFeedToEndAsync(
            start, null, ChangeFeedMode.LatestVersion, new ChangeFeedRequestOptions(), TwoStores.Stop))
            ids.AddRange(page.Documents.Select(document => document.GetProperty("id").GetString()!));
        return ids;
    }

    private async Task<DirectedBaskets> SideAsync(bool switched)
    {
        var baskets = await DirectedBaskets.StartAsync(stores);
        if (switched)
            await baskets.SwitchAsync();
        return baskets;
    }
}
