using System.Net;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.Time.Testing;

namespace ChangeFeed.Emulator.Tests.Engine;

/// <summary>How long the feed of all versions and deletes goes back.</summary>
public sealed class RetentionTests
{
    [Fact]
    public async Task Versions_are_kept_as_long_as_asked_and_not_longer()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var host = await EmulatorHost.StartAsync(
            new EmulatorOptions { Port = 0, InMemory = true, Partitions = 1 }, time, TestContext.Current.CancellationToken);
        using var client = new CosmosClient(host.ConnectionString, new() { ConnectionMode = ConnectionMode.Gateway });
        Database database = await client.CreateDatabaseAsync("test");
        var policy = new ChangeFeedPolicy { FullFidelityRetention = TimeSpan.FromMinutes(5) };
        Container container = await database.CreateContainerAsync(new ContainerProperties("things", "/id") { ChangeFeedPolicy = policy });
        var (_, beginning) = await ReadAsync(container, ChangeFeedStartFrom.Now());

        // More than the sweep removes at once.
        await Task.WhenAll(Enumerable.Range(0, 450).Select(i => container.UpsertItemAsync(new { id = $"{i}" })));
        var (_, middle) = await ReadAsync(container, ChangeFeedStartFrom.ContinuationToken(beginning));
        time.Advance(TimeSpan.FromMinutes(4));
        await container.UpsertItemAsync(new { id = "later" });
        (await ReadAsync(container, ChangeFeedStartFrom.ContinuationToken(beginning))).Changes.ShouldBe(451);

        time.Advance(TimeSpan.FromMinutes(2));

        var deadline = DateTime.UtcNow.AddSeconds(30);
        while (await IsReadAsync(container, beginning))
        {
            DateTime.UtcNow.ShouldBeLessThan(deadline, "the versions of six minutes ago are still there");
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        (await ReadAsync(container, ChangeFeedStartFrom.ContinuationToken(middle))).Changes.ShouldBe(1);
    }

    private static async Task<bool> IsReadAsync(Container container, string continuation)
    {
        try
        {
            await ReadAsync(container, ChangeFeedStartFrom.ContinuationToken(continuation));
            return true;
        }
        catch (CosmosException e) when (e.StatusCode == HttpStatusCode.BadRequest)
        {
            return false;
        }
    }

    private static async Task<(int Changes, string Continuation)> ReadAsync(Container container, ChangeFeedStartFrom start)
    {
        using var feed = container.GetChangeFeedIterator<object>(start, ChangeFeedMode.AllVersionsAndDeletes);
        for (var changes = 0; ;)
        {
            var page = await feed.ReadNextAsync(TestContext.Current.CancellationToken);
            if (page.StatusCode == HttpStatusCode.NotModified)
                return (changes, page.ContinuationToken);
            changes += page.Count;
        }
    }
}
