using System.Net;
using Microsoft.Azure.Cosmos;
namespace OrderPipeline.Conformance.Tests;
public sealed class SmokeTests(Endpoint endpoint)
{
    [Fact]
    public async Task Batch_bulk_patch_feed_and_processor()
    {
        var c = await endpoint.NewContainer();
        var batch = await c.CreateTransactionalBatch(new("a")).CreateItem(new Thing("1","a",1)).CreateItem(new Thing("2","a",2)).ExecuteAsync();
        batch.StatusCode.ShouldBe(HttpStatusCode.OK);
        batch.GetOperationResultAtIndex<Thing>(1).Resource.n.ShouldBe(2);
        var failed = await c.CreateTransactionalBatch(new("a")).CreateItem(new Thing("3","a",1)).CreateItem(new Thing("2","a",2)).ExecuteAsync();
        failed.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await c.PatchItemAsync<Thing>("1", new("a"), [PatchOperation.Increment("/n", 5)])).Resource.n.ShouldBe(6);
        using var bulk = Endpoint.Connect(endpoint.ConnectionString, o => o.AllowBulkExecution = true);
        var bc = bulk.GetContainer(endpoint.Database.Id, c.Id);
        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => bc.CreateItemAsync(new Thing($"b{i}", $"k{i}", i), new PartitionKey($"k{i}"))));
        var seen = new System.Collections.Concurrent.ConcurrentBag<string>();
        var leases = await endpoint.NewContainer("/id", p => p.DefaultTimeToLive = -1);
        var p = c.GetChangeFeedProcessorBuilder<Thing>("tax:", (ctx, items, ct) => { foreach (var i in items) seen.Add(i.id); return Task.CompletedTask; })
            .WithInstanceName("h").WithLeaseContainer(leases).WithStartTime(DateTime.MinValue.ToUniversalTime()).WithPollInterval(TimeSpan.FromMilliseconds(50)).Build();
        await p.StartAsync();
        var until = DateTime.UtcNow.AddSeconds(20);
        while (seen.Count < 202 && DateTime.UtcNow < until) await Task.Delay(20);
        await p.StopAsync();
        seen.Count.ShouldBe(202);
    }
}
