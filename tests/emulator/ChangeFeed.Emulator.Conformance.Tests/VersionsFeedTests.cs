using System.Collections.Concurrent;
using System.Net;
using Microsoft.Azure.Cosmos;
using static ChangeFeed.Emulator.Conformance.Tests.Expect;

namespace ChangeFeed.Emulator.Conformance.Tests;

/// <summary>The change feed of all versions and deletes.</summary>
public sealed class VersionsFeedTests(Endpoint endpoint)
{
    private Task<Container> NewContainerAsync() => endpoint.NewContainerAsync(change: properties =>
    {
        properties.ChangeFeedPolicy = new() { FullFidelityRetention = TimeSpan.FromMinutes(5) };
        properties.DefaultTimeToLive = -1;
    });

    [Fact]
    public async Task Every_version_and_delete_is_shown_with_what_was_there_before()
    {
        var container = await NewContainerAsync();
        using var feed = container.GetChangeFeedIterator<ChangeFeedItem<Thing>>(
            ChangeFeedStartFrom.Now(), ChangeFeedMode.AllVersionsAndDeletes);
        var start = (await ToEndAsync(feed, [])).ShouldNotBeNull();
        await container.CreateItemAsync(new Thing("1", "a", 1));
        await container.UpsertItemAsync(new Thing("1", "a", 2));
        await endpoint.SplitAsync(container, "0");
        await container.DeleteItemAsync<Thing>("1", new("a"));
        await container.CreateItemAsync(new Thing("2", "a", 9, ttl: 1));

        var changes = new List<ChangeFeedItem<Thing>>();
        await Eventually.UntilAsync(async () =>
        {
            using var resumed = container.GetChangeFeedIterator<ChangeFeedItem<Thing>>(
                ChangeFeedStartFrom.ContinuationToken(start), ChangeFeedMode.AllVersionsAndDeletes);
            changes.Clear();
            await ToEndAsync(resumed, changes);
            return changes.Count == 5;
        }, "five changes, the last by expiry");

        changes.Select(change => change.Metadata.OperationType).ShouldBe(
            [
                ChangeFeedOperationType.Create, ChangeFeedOperationType.Replace, ChangeFeedOperationType.Delete,
                ChangeFeedOperationType.Create, ChangeFeedOperationType.Delete
            ]);
        changes[0].Current.n.ShouldBe(1);
        changes[1].Current.n.ShouldBe(2);
        changes[1].Previous.ShouldBeNull();
        changes[2].Previous.n.ShouldBe(2);
        changes[2].Metadata.IsTimeToLiveExpired.ShouldBeFalse();
        changes[4].Metadata.IsTimeToLiveExpired.ShouldBeTrue();
        changes[4].Previous.n.ShouldBe(9);
        changes.Select(change => change.Metadata.Lsn).ShouldBeInOrder();
    }

    [Fact]
    public async Task It_cannot_be_read_from_the_beginning()
    {
        var container = await NewContainerAsync();
        using var feed = container.GetChangeFeedIterator<ChangeFeedItem<Thing>>(
            ChangeFeedStartFrom.Beginning(), ChangeFeedMode.AllVersionsAndDeletes);
        (await FaultAsync(() => feed.ReadNextAsync())).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task The_processor_of_all_versions_sees_deletes()
    {
        var (container, leases) = (await NewContainerAsync(), await endpoint.NewLeasesAsync());
        var seen = new ConcurrentQueue<string>();
        var processor = container
            .GetChangeFeedProcessorBuilderWithAllVersionsAndDeletes<Thing>(
                "versions:", (ChangeFeedProcessorContext _, IReadOnlyCollection<ChangeFeedItem<Thing>> changes, CancellationToken _) =>
            {
                foreach (var change in changes)
                    seen.Enqueue($"{change.Metadata.OperationType}");
                return Task.CompletedTask;
            })
            .WithInstanceName("one").WithLeaseContainer(leases).WithPollInterval(TimeSpan.FromMilliseconds(50)).Build();
        await processor.StartAsync();
        // The feed begins now, and now is when the leases are first read.
        await Eventually.UntilAsync(async () =>
        {
            await container.UpsertItemAsync(new Thing("probe", "a"));
            return !seen.IsEmpty;
        }, "the processor runs");
        await container.DeleteItemAsync<Thing>("probe", new("a"));
        await Eventually.UntilAsync(() => seen.Contains("Delete"), "the delete");
        await processor.StopAsync();
    }

    private static async Task<string?> ToEndAsync(FeedIterator<ChangeFeedItem<Thing>> feed, List<ChangeFeedItem<Thing>> changes)
    {
        while (true)
        {
            var page = await feed.ReadNextAsync();
            if (page.StatusCode == HttpStatusCode.NotModified)
                return page.ContinuationToken;
            changes.AddRange(page);
        }
    }
}
