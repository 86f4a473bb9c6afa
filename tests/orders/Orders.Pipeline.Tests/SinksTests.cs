using System.Net.Http.Json;
using System.Text.Json;
using ChangeFeed.EventStore;
using ChangeFeed.MassTransit;
using ChangeFeed.Projections;
using Microsoft.Data.Sqlite;
using Orders.Archive;
using Orders.Cache;
using Orders.Contracts;
using Orders.SearchIndex;
using StackExchange.Redis;

namespace Orders.Pipeline.Tests;

/// <summary>The sinks in processes of their own, beside everything else.</summary>
public sealed class SinksTests
{
    // As many orders as it takes to kill everything three times, or so many.
    private static readonly int Orders = int.TryParse(Environment.GetEnvironmentVariable("SINKS_ORDERS"), out var orders) ? orders : 0;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task All_sinks_killed_again_and_again_under_load_end_up_as_the_streams_say_and_are_used()
    {
        await using var pipeline = await RunningPipeline.StartWithQuickLeasesAsync(null, "--sinks", "all");
        await UnderLoad.RunAsync(pipeline, async (_, random) =>
        {
            for (var round = 0; round < 3; round++)
            {
                await pipeline.KillAndStartAsync("search-sink", random);
                await pipeline.KillAndStartAsync("cache-sink", random);
                await pipeline.KillAndStartAsync("archive-sink", random);
            }
        }, Orders, Orders > 0 ? TimeSpan.FromMilliseconds(25) : TimeSpan.FromMilliseconds(50));
        var last = await pipeline.PlaceAsync(OrderClient.Order());
        await pipeline.EndedAsync(last);
        await using var cache = await ConnectionMultiplexer.ConnectAsync(await CacheAddressAsync(pipeline));

        var streams = await StreamsAsync(pipeline);
        await BecomesAsync(() => ReadIndexAsync(pipeline), Fold(streams, new SearchIndexProjection()));
        await BecomesAsync(() => ReadCacheAsync(cache, streams.Keys), Fold(streams, new OrderCacheProjection()));

        await ArchiveIsTheStoreAsync(pipeline);

        var found = await pipeline.Care.GetFromJsonAsync<JsonElement>("/care/search?q=keybaord", Stop);
        found.GetProperty("orders").EnumerateArray().Select(order => order.GetProperty("id").GetString()).ShouldContain(last);
        found.GetProperty("facets").GetProperty("country").EnumerateArray().ShouldNotBeEmpty();
        await pipeline.GetOrderAsync(last);
        await cache.GetDatabase().KeyDeleteAsync($"order:{last}");
        await pipeline.GetOrderAsync(last);
        (await cache.GetDatabase().HashExistsAsync($"order:{last}", "order")).ShouldBeTrue(); // which the API has put there
        await LatestOrdersBecomeThoseOfTheCacheAsync(pipeline, last);
    }

    private static async Task LatestOrdersBecomeThoseOfTheCacheAsync(RunningPipeline pipeline, string last)
    {
        var cached = await Eventually.GetAsync(
            async () =>
            {
                using var answer = await pipeline.Orders.GetAsync("/customers/c-1001/orders?limit=3", Stop);
                return (Charge: answer.Headers.GetValues("X-Request-Charge").Single(), Page: await answer.Content.ReadFromJsonAsync<JsonElement>(Stop));
            },
            answer => answer.Charge == "0");
        cached.Page.GetProperty("orders").EnumerateArray().First().GetProperty("orderId").GetString().ShouldBe(last);
        var all = await pipeline.Orders.GetFromJsonAsync<JsonElement>("/customers/c-1001/orders?limit=100", Stop); // of the view
        cached.Page.GetProperty("orders").EnumerateArray().Select(order => order.GetProperty("orderId").GetString())
            .ShouldBe(all.GetProperty("orders").EnumerateArray().Take(3).Select(order => order.GetProperty("orderId").GetString()));
    }

    /// <summary>The table, read by its log alone, has every event of the store once, and nothing else.</summary>
    private static async Task ArchiveIsTheStoreAsync(RunningPipeline pipeline)
    {
        using var client = pipeline.CreateCosmosClient();
        var table = new ArchiveLocation(Path.Combine(pipeline.DataDirectory, "sinks", "archive"), "", "").Table(1, TimeProvider.System, "test");
        var verification = new ArchiveVerification(
            table, new ChangeFeedReader(client.GetContainer("orders", "events"), OrderEvents.Map), OrderEvents.Map);
        var compared = await Eventually.GetAsync(
            async () => await verification.RunAsync((await table.FindAsync(Stop))!, Stop), found => found.Missing == 0, UnderLoad.Settling);
        compared.Differences.ShouldBeEmpty();
        compared.Archived.ShouldBe(compared.Stored);
    }

    private static async Task BecomesAsync(Func<Task<SortedDictionary<string, string>>> read, SortedDictionary<string, string> expected)
    {
        try
        {
            await Eventually.GetAsync(read, outside => outside.SequenceEqual(expected), UnderLoad.Settling);
        }
        catch (TimeoutException)
        {
            (await read()).ShouldBe(expected); // shows the difference
        }
    }

    private static async Task<Dictionary<string, List<RecordedEvent>>> StreamsAsync(RunningPipeline pipeline)
    {
        using var client = pipeline.CreateCosmosClient();
        var events = new List<RecordedEvent>();
        await foreach (var page in new ChangeFeedReader(client.GetContainer("orders", "events"), OrderEvents.Map).ReadAsync(cancellationToken: Stop))
            events.AddRange(page.Events);
        return events.GroupBy(e => e.StreamId).ToDictionary(stream => stream.Key, stream => stream.OrderBy(e => e.Version).ToList());
    }

    private static SortedDictionary<string, string> Fold<TDocument>(Dictionary<string, List<RecordedEvent>> streams, IProjection<TDocument> projection)
        where TDocument : class => new(streams.Values
            .Select(stream => stream.Aggregate(default(TDocument), projection.Apply))
            .OfType<TDocument>()
            .ToDictionary(projection.StreamOf, document => JsonSerializer.Serialize(document, projection.Json)));

    private static Task<SortedDictionary<string, string>> ReadIndexAsync(RunningPipeline pipeline)
    {
        using var connection = new SqliteConnection(
            $"Data Source={Path.Combine(pipeline.DataDirectory, "sinks", "search", "search-index.db")};Mode=ReadOnly;Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT id, CAST(entry AS TEXT) FROM orders WHERE entry IS NOT NULL";
        using var rows = command.ExecuteReader();
        var entries = new SortedDictionary<string, string>();
        while (rows.Read())
            entries[rows.GetString(0)] = rows.GetString(1);
        return Task.FromResult(entries);
    }

    private static async Task<SortedDictionary<string, string>> ReadCacheAsync(ConnectionMultiplexer cache, IEnumerable<string> ids)
    {
        var orders = await Task.WhenAll(ids.Select(async id => (Id: id, Order: await cache.GetDatabase().HashGetAsync($"order:{id}", "order"))));
        return new SortedDictionary<string, string>(orders.Where(o => !o.Order.IsNull).ToDictionary(o => o.Id, o => o.Order.ToString()));
    }

    private static async Task<string> CacheAddressAsync(RunningPipeline pipeline)
    {
        var environment = await File.ReadAllTextAsync($"/proc/{pipeline.Services["cache-sink"].Pid}/environ", Stop);
        return environment.Split('\0').Single(variable => variable.StartsWith("ConnectionStrings__cache=", StringComparison.Ordinal)).Split('=', 2)[1];
    }
}
