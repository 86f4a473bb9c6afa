using ChangeFeed.Emulator.Engine.Feed;
using ChangeFeed.Emulator.Engine.Items;
using ChangeFeed.Emulator.Storage;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.Emulator.Tests.Engine;

/// <summary>
/// A commit is on disk a moment before its LSN is told. A feed read in between must not show what it brought: the session of the reader would be ahead of its
/// partition, and its next read be refused with 404/1002.
/// </summary>
public sealed class FeedHorizonTests
{
    private const int Items = 5;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_on_disk_but_not_told_yet_is_not_in_the_feed(bool allVersions)
    {
        using var files = new TemporaryDirectory();
        await WriteAsync(files.Path);
        using var data = DataDirectory.Open(files.Path);
        using var store = data.OpenStore(null, TimeProvider.System);
        var container = store.Load().Databases.Single().Containers.Single();
        var target = new ReadTarget(container, container.Partitions, container.Partitions[0].Range, null);
        using var session = store.Read();

        foreach (var told in Enumerable.Range(1, Items))
        {
            using var page = new FeedPage(container.RidText);
            var next = allVersions
                ? VersionsFeed.Read(session, target, afterLsn: 0, maxItems: 100, told, page)
                : LatestVersionFeed.Read(session, target, new ChangeFeedStart(0, false, null), maxItems: 100, now: 0, told, page);

            (page.Count, next).ShouldBe((told, told));
        }
    }

    private static async Task WriteAsync(string directory)
    {
        await using var host = await EmulatorHost.StartAsync(
            new EmulatorOptions { Port = 0, DataDirectory = directory, Partitions = 1 }, cancellationToken: TestContext.Current.CancellationToken);
        using var client = new CosmosClient(host.ConnectionString, new() { ConnectionMode = ConnectionMode.Gateway });
        Database database = await client.CreateDatabaseAsync("test");
        var policy = new ChangeFeedPolicy { FullFidelityRetention = TimeSpan.FromMinutes(5) };
        Container container = await database.CreateContainerAsync(new ContainerProperties("things", "/id") { ChangeFeedPolicy = policy });
        foreach (var i in Enumerable.Range(0, Items))
            await container.CreateItemAsync(new { id = $"{i}" });
    }
}
