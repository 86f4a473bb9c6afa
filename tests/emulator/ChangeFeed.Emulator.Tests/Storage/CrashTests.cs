using System.Collections.Concurrent;
using System.Net;
using System.Net.Http;
using Microsoft.Azure.Cosmos;
using Newtonsoft.Json.Linq;

namespace ChangeFeed.Emulator.Tests.Storage;

/// <summary>The process is killed while clients write; afterwards everything acknowledged is there and nothing by half.</summary>
public sealed class CrashTests
{
    private const int Writers = 8;

    private sealed record Item(string id, string pk, int n, string padding);

    [Fact]
    public async Task Kill_loses_nothing_acknowledged_exposes_no_half_batch_and_repeats_no_lsn()
    {
        using var data = new TemporaryDirectory();
        var acknowledged = new ConcurrentDictionary<(string Key, string Id), int>();
        var highest = new ConcurrentDictionary<string, long>();
        for (var round = 0; round < 3; round++)
        {
            await using var emulator = await EmulatorProcess.StartAsync("--port", "0", "--data", data.Path);
            using var client = emulator.Connect();
            var container = await ContainerAsync(client);
            await CheckAsync(container, acknowledged, highest);

            using var stop = new CancellationTokenSource();
            var writers = Enumerable
                .Range(0, Writers)
                .Select(writer => WriteAsync(container, $"{round}-{writer}", acknowledged, highest, stop.Token))
                .ToArray();
            await Task.Delay(TimeSpan.FromMilliseconds(700));
            emulator.Kill();
            await stop.CancelAsync();
            await Task.WhenAll(writers);
        }

        await using var last = await EmulatorProcess.StartAsync("--port", "0", "--data", data.Path);
        using var reader = last.Connect();
        await CheckAsync(await ContainerAsync(reader), acknowledged, highest);
        acknowledged.Count.ShouldBeGreaterThan(50);
    }

    private static async Task<Container> ContainerAsync(CosmosClient client)
    {
        Database database = await client.CreateDatabaseIfNotExistsAsync("crash");
        return await database.CreateContainerIfNotExistsAsync("items", "/pk");
    }

    /// <summary>Creates, batches and deletes until the endpoint is gone; what was not answered may or may not have happened.</summary>
    private static async Task WriteAsync(
        Container container,
        string writer,
        ConcurrentDictionary<(string, string), int> acknowledged,
        ConcurrentDictionary<string, long> highest,
        CancellationToken stop)
    {
        try
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                var key = $"{writer}-{i}";
                var padding = new string('x', 500);
                if (i % 3 == 0)
                {
                    var batch = container.CreateTransactionalBatch(new(key));
                    for (var n = 0; n < 5; n++)
                        batch.CreateItem(new Item($"{n}", key, n, padding));
                    var response = await batch.ExecuteAsync(stop);
                    if (!response.IsSuccessStatusCode)
                        return;
                    for (var n = 0; n < 5; n++)
                        acknowledged[(key, $"{n}")] = n;
                    Note(highest, response.Headers.Session);
                }
                else
                {
                    var created = await container.CreateItemAsync(new Item("0", key, i, padding), new(key), null, stop);
                    acknowledged[(key, "0")] = i;
                    Note(highest, created.Headers.Session);
                }

                if (i % 5 == 4)
                {
                    // Removed before it is sent: if the delete is not answered, either outcome is right.
                    acknowledged.TryRemove((key, "0"), out _);
                    Note(highest, (await container.DeleteItemAsync<Item>("0", new(key), null, stop)).Headers.Session);
                }
            }
        }
        catch (Exception exception) when (exception is CosmosException or OperationCanceledException or HttpRequestException)
        {
            // The endpoint was killed.
        }
    }

    private static void Note(ConcurrentDictionary<string, long> highest, string session)
    {
        var (range, lsn) = Parse(session);
        highest.AddOrUpdate(range, lsn, (_, known) => Math.Max(known, lsn));
    }

    private static (string Range, long Lsn) Parse(string session) => (session.Split(':')[0], long.Parse(session.Split('#')[1]));

    private static async Task CheckAsync(
        Container container, ConcurrentDictionary<(string Key, string Id), int> acknowledged, ConcurrentDictionary<string, long> highest)
    {
        var found = new Dictionary<(string, string), JObject>();
        using var feed = container.GetChangeFeedIterator<JObject>(
            ChangeFeedStartFrom.Beginning(), ChangeFeedMode.Incremental, new() { PageSizeHint = 7 });
        while ((await feed.ReadNextAsync()) is var page && page.StatusCode != HttpStatusCode.NotModified)
            foreach (var item in page)
                found.Add(((string)item["pk"]!, (string)item["id"]!), item);

        foreach (var (place, n) in acknowledged)
            ((int)found[place]["n"]!).ShouldBe(n, $"{place}");
        foreach (var group in found.Values
            .GroupBy(item => (string)item["pk"]!)
            .Where(group => group.Any(item => (string)item["id"]! != "0")))
        {
            // Only the first item of a batch is ever deleted on its own.
            group.Select(item => (string)item["id"]!).Where(id => id != "0").Order().ShouldBe(["1", "2", "3", "4"]);
            group.Where(item => (string)item["id"]! != "0").Select(item => (long)item["_lsn"]!).Distinct().Count().ShouldBe(1);
        }

        for (var i = 0; i < 12; i++)
        {
            var key = $"check-{Guid.NewGuid():N}";
            var (range, lsn) = Parse((await container.CreateItemAsync(new Item("0", key, i, ""), new(key))).Headers.Session);
            if (highest.TryGetValue(range, out var before))
                lsn.ShouldBeGreaterThan(before);
            highest[range] = lsn;
            acknowledged[(key, "0")] = i;
        }
    }
}
