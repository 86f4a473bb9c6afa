using System.Text.Json;
using ChangeFeed.EventStore;
using ChangeFeed.EventStore.Cosmos;
using ChangeFeed.Projections;
using ChangeFeed.Projections.Verify;
using ChangeFeed.Projections.Versions;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.DependencyInjection;
using Orders.Contracts;
using Orders.ReadModels;
using Orders.ReadModels.Statistics;
using Orders.Views.Tests.Rebuild;
using static Orders.Testing.OrderStream;

namespace Orders.Views.Tests.Statistics;

public sealed class StatisticsTests(ServiceOnStore<Program> service) : IClassFixture<ServiceOnStore<Program>>
{
    private static readonly IView View = AllViews.List.Single(v => v.Name == ViewNames.Statistics);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private StatisticsReader Reader => new(service.Database, service.Services.GetRequiredService<ViewDirectory>());

    [Fact]
    public async Task An_event_counts_once_however_often_and_by_however_many_it_is_delivered()
    {
        var day = new DateTimeOffset(2026, 1, 1, 10, 0, 0, TimeSpan.Zero);
        var orders = Enumerable.Range(0, 10).Select(n => Stream($"once-{n}", day.AddSeconds(n), Placed(), Taxed(), Captured(), Shipped())).ToList();
        var writers = Enumerable.Range(0, 3).Select(_ => Writer(orders)).ToList();

        await Task.WhenAll(writers.SelectMany(writer => orders.Select(order => writer.ApplyAsync(order, Stop))));

        var minutes = await Reader.MinutesAsync(day, day.AddMinutes(1), Stop);
        var total = StatisticsSummary.Of(minutes);
        (total.Orders, total.Shipped, total.Failed, total.Cancelled).ShouldBe((10, 10, 0, 0));
        total.Revenue.ShouldBe(new Dictionary<string, decimal> { ["USD"] = 998.00m });
        total.MedianSecondsToShip!.Value.ShouldBe(3, 0.15);
        var products = await Reader.ProductAsync(day, day.AddMinutes(1), "KB-01", Stop);
        products.ShouldAllBe(c => c.Which == "KB-01");
        products.Where(c => c.What == "quantity").Sum(c => c.Value).ShouldBe(20);
        StatisticsSummary.Of(products).ShouldBeEquivalentTo(total);
    }

    [Fact]
    public async Task A_late_event_counts_in_the_window_of_its_own_time_and_currencies_are_not_added()
    {
        var day = new DateTimeOffset(2026, 1, 2, 10, 59, 58, TimeSpan.Zero);
        var dollars = Stream("late-1", day, Placed(), Taxed(), Captured(), Rejected(), Refunded());
        var francs = Stream("late-2", day.AddHours(3), Placed(country: "CH", region: null, currency: "CHF"), Taxed(), new PaymentCaptured("p", "CHF", 100));
        await Writer([francs]).ApplyAsync(francs, Stop);
        await Writer([dollars]).ApplyAsync(dollars, Stop);

        var before = StatisticsSummary.Of(await Reader.MinutesAsync(day.AddMinutes(-1), day.AddSeconds(2), Stop));
        (before.Orders, before.Failed).ShouldBe((1, 0));
        var after = StatisticsSummary.Of(await Reader.MinutesAsync(day.AddSeconds(2), day.AddMinutes(5), Stop));
        (after.Orders, after.Failed, after.Revenue["USD"]).ShouldBe((0, 1, 0m)); // captured, rejected and refunded within the next hour
        var all = await Reader.MinutesAsync(day.AddHours(-1), day.AddHours(4), Stop);
        StatisticsSummary.Of(all).Revenue.ShouldBe(new Dictionary<string, decimal> { ["USD"] = 0m, ["CHF"] = 99.80m }, ignoreOrder: true);
        StatisticsSummary.Of(all.Where(c => c.Which == "CH")).Orders.ShouldBe(1);
    }

    [Fact]
    public async Task An_order_of_more_products_than_a_transaction_has_room_for_counts_once_however_often_it_is_delivered()
    {
        var day = new DateTimeOffset(2026, 1, 3, 10, 0, 0, TimeSpan.Zero);
        var lines = Enumerable.Range(0, 100).Select(n => new OrderLine($"SKU~{n}", "Thing", 1, 1m)).ToList();
        var order = Stream("wide", day, Placed() with { Lines = lines, Subtotal = 100 }, Taxed(), Captured(), Shipped());

        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Writer([order]).ApplyAsync(order, Stop)));

        var (products, isComplete) = await Reader.ProductsAsync(day, day.AddHours(1), 1000, Stop);
        isComplete.ShouldBeTrue();
        products.Where(c => c.What == "quantity").Select(c => c.Which).ShouldBe(lines.Select(l => l.Sku), ignoreOrder: true);
        StatisticsSummary.Of(products).Revenue["USD"].ShouldBe(100m);
        StatisticsSummary.Of(products).Orders.ShouldBe(100);
    }

    [Fact]
    public async Task Products_of_chosen_names_make_no_document_large_and_of_too_many_the_most_ordered_are_read()
    {
        var day = new DateTimeOffset(2026, 1, 4, 10, 0, 0, TimeSpan.Zero);
        var names = NamesOfOneHash(90 * 8).Chunk(90).ToList();
        var orders = names.Select((skus, n) => Stream(
            $"chosen-{n}", day, Placed() with { Lines = [.. skus.Select(sku => new OrderLine(sku, "Thing", n + 1, 1m))], Subtotal = 90 }, Taxed())).ToList();

        foreach (var order in orders)
            await Writer([order]).ApplyAsync(order, Stop);

        var documents = await service.Database.View(ViewNames.Statistics, 1).QueryAsync(
            new QueryDefinition("SELECT * FROM c"), d => (Window: d.GetProperty("window").GetString()!, Size: d.GetRawText().Length), cancellationToken: Stop);
        var sizes = documents.Where(d => d.Window.StartsWith("2026-01-04T10", StringComparison.Ordinal)).Select(d => d.Size).ToList();
        sizes.Count.ShouldBeGreaterThan(90 * 8);
        sizes.Max().ShouldBeLessThan(2_000);
        var (products, isComplete) = await Reader.ProductsAsync(day, day.AddHours(1), 90, Stop);
        isComplete.ShouldBeFalse();
        var most = products.Where(c => c.What == "quantity").OrderByDescending(c => c.Value).Take(90).ToList();
        most.ShouldAllBe(c => c.Value == 8);
        most.Select(c => c.Which).ShouldBe(names[^1], ignoreOrder: true);
    }

    [Fact]
    public void Whatever_is_counted_in_a_minute_no_document_comes_near_what_the_store_takes()
    {
        const long orders = 9_999_999_999; // of one minute, and the 20 characters of a sum of money
        string[] countries = [.. Pairs().Where(Iso3166.IsCountry)];
        countries.Length.ShouldBe(249);
        int[] classes = [.. Enumerable.Range(0, ShipTimes.LastClass + 1)];
        ShipTimes.ClassOf(TimeSpan.MaxValue).ShouldBe(ShipTimes.LastClass);

        Size(orders, countries.SelectMany(c => new[] { $"orders|{c}", $"shipped|{c}", $"failed|{c}", $"cancelled|{c}" })).ShouldBeLessThan(50_000);
        Size(orders, countries.SelectMany(c => classes.Select(n => $"shipTimes|{n}|{c}"))).ShouldBeLessThan(2_000_000);
        Size(long.MinValue, countries.SelectMany(c => Iso4217.All.Select(unit => $"revenue|{unit}|{c}"))).ShouldBeLessThan(2_000_000);
        Size(long.MinValue, [.. classes.Select(n => $"shipTimes|{n}"), .. Iso4217.All.Select(unit => $"revenue|{unit}")]).ShouldBeLessThan(50_000);

        static int Size(long value, IEnumerable<string> counters) => JsonSerializer.SerializeToUtf8Bytes(
            new StatisticsDocument("s00", "2026-01-01T00-0", 1, counters.ToDictionary(c => c, _ => value)), ReadModelsJson.Default.StatisticsDocument).Length;
    }

    [Fact]
    public async Task A_redelivery_counts_nothing_however_late_it_comes()
    {
        var day = new DateTimeOffset(2026, 1, 5, 10, 0, 0, TimeSpan.Zero);
        var order = Stream("late-again", day, Placed());
        await Writer([order]).ApplyAsync(order, Stop);

        using var mark = (await service.Database.View(ViewNames.Statistics, 1).FindAsync("late-again:0", StatisticsDocument.WindowOf("late-again", day), Stop))
            .ShouldNotBeNull();

        mark.RootElement.TryGetProperty("ttl", out _).ShouldBeFalse(); // what goes away can be counted again
        await Writer([order]).ApplyAsync(order, Stop);
        StatisticsSummary.Of(await Reader.MinutesAsync(day, day.AddMinutes(1), Stop)).Orders.ShouldBe(1);
    }

    [Fact]
    public async Task What_the_service_counts_is_what_counting_anew_gives_and_a_changed_counter_is_found()
    {
        await using var other = new ServiceOnStore<Program>();
        await ((IAsyncLifetime)other).InitializeAsync();
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => other.AppendAsync(Placed(), Taxed(), Captured(), Shipped())));

        (await VerifyAsync(other, TimeSpan.FromSeconds(30))).Differences.ShouldBeEmpty();

        var counters = await new StatisticsReader(other.Database, other.Services.GetRequiredService<ViewDirectory>())
            .MinutesAsync(DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow.AddMinutes(1), Stop);
        var at = counters[0].From;
        foreach (var window in StatisticsDocument.Windows(at))
        {
            using var patched = await other.Database.View(ViewNames.Statistics, 1).PatchItemStreamAsync(
                StatisticsDocument.MinuteId(at.Minute), new PartitionKey(window), [PatchOperation.Increment("/counters/orders|US", 1)],
                cancellationToken: Stop);
        }

        (await VerifyAsync(other, TimeSpan.Zero)).Differences.ShouldAllBe(d => d.Contains("has other counters than its"));
        (await VerifyAsync(other, TimeSpan.Zero)).Differences.ShouldNotBeEmpty();
    }

    private static IEnumerable<string> Pairs() => from a in Letters() from b in Letters() select $"{a}{b}";

    private static IEnumerable<char> Letters() => Enumerable.Range('A', 26).Select(c => (char)c);

    /// <summary>Names, of the greatest length there is, whose FNV-1a hashes fall into one of sixteen parts.</summary>
    private static IEnumerable<string> NamesOfOneHash(int count) => Enumerable.Range(0, int.MaxValue)
        .Select(n => $"{n}".PadLeft(64, 'x'))
        .Where(name => name.Aggregate(2166136261u, (hash, c) => unchecked((hash ^ c) * 16777619u)) % 16 == 3)
        .Take(count);

    private static Task<VerifyResult> VerifyAsync(ServiceOnStore<Program> on, TimeSpan settling) => new Verifier(
        on.Database.ViewDatabase, on.Services.GetRequiredService<EventSource>(), TimeProvider.System, new RecordedProgress())
    { Settling = settling }
        .RunAsync([View], Stop);

    private static List<RecordedEvent> Stream(string id, DateTimeOffset begin, params object[] events) =>
        [.. Given(events).Events.Select(e => e with { StreamId = id, Meta = e.Meta with { At = begin.AddSeconds(e.Version) } })];

    private IViewWriter Writer(IReadOnlyList<IReadOnlyList<RecordedEvent>> streams) => View.CreateWriter(
        service.Database.View(ViewNames.Statistics, 1),
        (stream, from, to, _) => streams.SelectMany(s => s).Where(e => e.StreamId == stream && e.Version >= from && e.Version <= to).ToAsyncEnumerable());
}
