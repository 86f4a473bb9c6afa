using System.Net;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.Emulator.Conformance.Tests;

public sealed class BatchTests(Endpoint endpoint)
{
    [Fact]
    public async Task A_batch_does_all_its_operations_and_returns_their_results()
    {
        var container = await endpoint.NewContainerAsync();
        await container.CreateItemAsync(new Thing("old", "a", 1));
        await container.CreateItemAsync(new Thing("gone", "a", 1));
        var response = await container.CreateTransactionalBatch(new("a"))
            .CreateItem(new Thing("1", "a", 1))
            .UpsertItem(new Thing("2", "a", 2))
            .ReplaceItem("old", new Thing("old", "a", 3))
            .PatchItem("old", [PatchOperation.Increment("/n", 4)])
            .ReadItem("old")
            .DeleteItem("gone")
            .ExecuteAsync();

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Select(result => (int)result.StatusCode).ShouldBe([201, 201, 200, 200, 200, 204]);
        response.GetOperationResultAtIndex<Thing>(4).Resource.n.ShouldBe(7);
        response[0].ETag.ShouldNotBeNullOrEmpty();
        (await container.ReadItemAsync<Thing>("2", new("a"))).Resource.n.ShouldBe(2);
    }

    [Fact]
    public async Task A_batch_in_which_one_operation_fails_does_nothing()
    {
        var container = await endpoint.NewContainerAsync();
        await container.CreateItemAsync(new Thing("taken", "a"));
        var response = await container.CreateTransactionalBatch(new("a"))
            .CreateItem(new Thing("1", "a"))
            .CreateItem(new Thing("taken", "a"))
            .CreateItem(new Thing("3", "a"))
            .ExecuteAsync();

        response.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        response.Select(result => (int)result.StatusCode).ShouldBe([424, 409, 424]);
        (await Expect.FaultAsync(() => container.ReadItemAsync<Thing>("1", new("a")))).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_stale_etag_in_a_batch_is_the_failure_of_the_batch()
    {
        var container = await endpoint.NewContainerAsync();
        var first = await container.CreateItemAsync(new Thing("1", "a", 1));
        await container.UpsertItemAsync(new Thing("1", "a", 2));
        var response = await container.CreateTransactionalBatch(new("a"))
            .CreateItem(new Thing("2", "a"))
            .ReplaceItem("1", new Thing("1", "a", 3), new() { IfMatchEtag = first.ETag })
            .ExecuteAsync();
        response.StatusCode.ShouldBe(HttpStatusCode.PreconditionFailed);
    }

    [Fact]
    public async Task A_batch_of_more_than_a_hundred_operations_is_refused()
    {
        var container = await endpoint.NewContainerAsync();
        var batch = container.CreateTransactionalBatch(new("a"));
        for (var i = 0; i < 101; i++)
            batch.CreateItem(new Thing($"{i}", "a"));
        (await batch.ExecuteAsync()).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_batch_over_two_megabytes_is_refused()
    {
        var container = await endpoint.NewContainerAsync();
        var batch = container.CreateTransactionalBatch(new("a"));
        for (var i = 0; i < 3; i++)
            batch.CreateItem(new { id = $"{i}", pk = "a", s = new string('x', 1024 * 1024) });
        (await batch.ExecuteAsync()).StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task Bulk_operations_succeed_and_fail_each_on_its_own()
    {
        var container = await endpoint.NewContainerAsync();
        using var client = Endpoint.Connect(endpoint.ConnectionString, options => options.AllowBulkExecution = true);
        var bulk = client.GetContainer(endpoint.Database.Id, container.Id);
        await container.CreateItemAsync(new Thing("7", "k7"));
        var tasks = Enumerable.Range(0, 300).Select(async i =>
        {
            try
            {
                return (await bulk.CreateItemAsync(new Thing($"{i}", $"k{i}", i), new PartitionKey($"k{i}"))).StatusCode;
            }
            catch (CosmosException exception)
            {
                return exception.StatusCode;
            }
        });
        var statuses = await Task.WhenAll(tasks);
        statuses[7].ShouldBe(HttpStatusCode.Conflict);
        statuses.Count(status => status == HttpStatusCode.Created).ShouldBe(299);
        (await bulk.ReadItemAsync<Thing>("299", new("k299"))).Resource.n.ShouldBe(299);
    }

    [Fact]
    public async Task Bulk_writes_go_on_through_a_split()
    {
        var container = await endpoint.NewContainerAsync();
        using var client = Endpoint.Connect(endpoint.ConnectionString, options => options.AllowBulkExecution = true);
        var bulk = client.GetContainer(endpoint.Database.Id, container.Id);
        await Task.WhenAll(
            Enumerable.Range(0, 50).Select(i => bulk.UpsertItemAsync(new Thing($"{i}", $"k{i}"), new PartitionKey($"k{i}"))));
        await endpoint.SplitAsync(container);
        await Task.WhenAll(
            Enumerable.Range(0, 200).Select(i => bulk.UpsertItemAsync(new Thing($"{i}", $"k{i}", 1), new PartitionKey($"k{i}"))));
        for (var i = 0; i < 200; i += 20)
            (await container.ReadItemAsync<Thing>($"{i}", new($"k{i}"))).Resource.n.ShouldBe(1);
    }
}
