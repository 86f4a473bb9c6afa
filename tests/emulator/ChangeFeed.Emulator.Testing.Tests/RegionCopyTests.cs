using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.Emulator.Testing.Tests;

/// <summary>A region that follows is the write region over again, to the etag and the log sequence number, whatever was done there.</summary>
public sealed class RegionCopyTests(ITestOutputHelper output)
{
    private static readonly string[] Customers = ["ada", "grace", "edsger", "barbara"];

    [Fact]
    public async Task Whatever_is_done_in_the_write_region_is_the_same_in_the_others()
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        await using var regions = await TwoRegions.StartAsync();
        var shop = regions.West.Database;
        Container orders = await shop.CreateContainerAsync(new("rich", "/customer")
        {
            DefaultTimeToLive = -1,
            UniqueKeyPolicy = new() { UniqueKeys = { new UniqueKey { Paths = { "/number" } } } },
            ChangeFeedPolicy = new() { FullFidelityRetention = TimeSpan.FromMinutes(60) },
        });
        for (var i = 0; i < 300; i++)
            await ChangeAsync(orders, random, i);
        await regions.Cosmos.SplitAsync(orders);
        for (var i = 300; i < 400; i++)
            await ChangeAsync(orders, random, i);
        await orders.ReplaceThroughputAsync(700);
        using (var byId = orders.GetItemQueryIterator<object>("SELECT * FROM c WHERE c.id = '7'"))
            await byId.ReadNextAsync();
        Container gone = await shop.CreateContainerAsync("gone", "/id");
        await gone.DeleteContainerAsync();
        regions.Cosmos.Advance(TimeSpan.FromSeconds(30));
        await orders.CreateItemAsync(Item("last", "ada", 1001, null), new("ada"));

        var (west, east) = (regions.Only("west").Database, regions.Only("east").Database);
        var expected = await SeenAsync(west);
        expected.Count.ShouldBeGreaterThan(50);
        await Eventually.GetAsync(
            async () => Differences(expected, await SeenAsync(east)), differences => differences.Count == 0,
            TimeSpan.FromSeconds(20), "the east is as the west");
    }

    private static List<string> Differences(List<string> west, List<string> east) =>
    [
        .. west.Except(east).Take(3).Select(only => $"only in the west: {only}"), .. east.Except(west).Take(3).Select(only => $"only in the east: {only}"),
    ];

    private static async Task ChangeAsync(Container orders, Random random, int number)
    {
        var (id, customer) = ($"{random.Next(40)}", Customers[random.Next(Customers.Length)]);
        try
        {
            switch (random.Next(6))
            {
                case 0:
                    await orders.CreateItemAsync(Item(id, customer, random.Next(60), random.Next(4) == 0 ? 5 : null), new(customer));
                    break;
                case 1:
                    await orders.UpsertItemAsync(Item(id, customer, random.Next(60), null), new(customer));
                    break;
                case 2:
                    await orders.DeleteItemAsync<object>(id, new(customer));
                    break;
                case 3:
                    await orders.PatchItemAsync<object>(id, new(customer), [PatchOperation.Increment("/count", number)]);
                    break;
                case 4:
                    await orders.ReplaceItemAsync(Item($"{random.Next(40)}", customer, random.Next(60), null), id, new(customer));
                    break;
                default:
                    var batch = orders.CreateTransactionalBatch(new(customer));
                    for (var i = 0; i < 3; i++)
                        batch.UpsertItem(Item($"{random.Next(40)}", customer, random.Next(60), null));
                    using (await batch.ExecuteAsync())
                    {
                    }
                    break;
            }
        }
        catch (CosmosException exception) when (exception.StatusCode is HttpStatusCode.Conflict or HttpStatusCode.NotFound)
        {
            // What is refused is refused for a reason, and changes nothing anywhere.
        }
    }

    private static object Item(string id, string customer, int number, int? ttl) => ttl is null
        ? new { id, customer, number, count = 0, text = "ä'\"\u0001😀" }
        : new { id, customer, number, count = 0, text = "ä", ttl };

    /// <summary>All that a client can see of a database, as texts.</summary>
    private static async Task<List<string>> SeenAsync(Database database)
    {
        var seen = new List<string>();
        foreach (var container in await DrainAsync(database.GetContainerQueryStreamIterator()))
        {
            var definition = JsonNode.Parse(container)!.AsObject();
            // What is added to a definition stands elsewhere once it has been stored.
            seen.Add(string.Join(',', definition.OrderBy(property => property.Key, StringComparer.Ordinal)));
            var name = definition["id"]!.GetValue<string>();
            seen.Add($"{await database.GetContainer(name).ReadThroughputAsync()}");
            seen.AddRange(await DrainAsync(database.GetContainer(name).GetItemQueryStreamIterator("SELECT * FROM c")));
            foreach (var range in await database.GetContainer(name).GetFeedRangesAsync())
                seen.AddRange(await DrainAsync(database.GetContainer(name).GetChangeFeedStreamIterator(
                    ChangeFeedStartFrom.Beginning(range), ChangeFeedMode.LatestVersion)));
        }
        return seen;
    }

    private static async Task<List<string>> DrainAsync(FeedIterator feed)
    {
        using (feed)
        {
            var all = new List<string>();
            while (feed.HasMoreResults)
            {
                using var page = await feed.ReadNextAsync();
                if (page.StatusCode == HttpStatusCode.NotModified)
                    break;
                page.EnsureSuccessStatusCode();
                var content = (await JsonNode.ParseAsync(page.Content))!;
                all.AddRange((content["Documents"] ?? content["DocumentCollections"])!.AsArray().Select(node => node!.ToJsonString()));
            }
            return all;
        }
    }
}
