using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.DependencyInjection;
using Orders.Contracts;
using Orders.Hosting;
using Orders.ReadModels;
using Orders.ReadModels.Statistics;

namespace Orders.Api.Tests.Statistics;

public sealed class StatisticsTests(WithStore service) : IClassFixture<WithStore>
{
    private static readonly DateTimeOffset Hour = new(2026, 3, 14, 15, 0, 0, TimeSpan.Zero);

    private readonly HttpClient _client = service.CreateClient();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Statistics_are_told_per_minute_and_per_hour_for_a_country_or_all()
    {
        await CountAsync("a", Hour.AddMinutes(9), "m09", ("orders|US", 3), ("shipped|US", 2));
        await CountAsync("a", Hour.AddMinutes(9), "r09", ("revenue|USD|US", 99_800));
        await CountAsync("a", Hour.AddMinutes(9), "s09", ("shipTimes|40|US", 2));
        await CountAsync("b", Hour.AddMinutes(9), "m09", ("orders|CH", 1), ("failed|CH", 1));
        await CountAsync("b", Hour.AddMinutes(9), "r09", ("revenue|CHF|CH", 10_500));
        await CountAsync("b", Hour.AddMinutes(10), "m10", ("orders|US", 4), ("cancelled|US", 1));

        var minutes = await GetAsync("/stats?from=2026-03-14T15:08:30Z&to=2026-03-14T15:11:00Z");
        minutes["windows"]!.AsArray().Select(w => w!["total"]!["orders"]!.GetValue<long>()).ShouldBe([0, 4, 4]);
        minutes["total"]!["revenue"]!.ToJsonString().ShouldBe("""{"CHF":10.5,"USD":99.8}""");
        minutes["countries"]!["CH"]!["failed"]!.GetValue<long>().ShouldBe(1);
        minutes["total"]!["medianSecondsToShip"]!.GetValue<double>().ShouldBeGreaterThan(0);

        var hours = await GetAsync("/stats?per=hour&from=2026-03-14T15:00:00Z&to=2026-03-14T16:00:00Z&country=US");
        hours["windows"]!.AsArray().ShouldHaveSingleItem()!["total"]!["orders"]!.GetValue<long>().ShouldBe(7);
        hours["total"]!["cancelled"]!.GetValue<long>().ShouldBe(1);
    }

    [Fact]
    public async Task The_products_of_which_most_pieces_were_ordered_come_first()
    {
        var hour = Hour.AddHours(-24);
        foreach (var n in Enumerable.Range(1, 12))
            await CountProductAsync($"o{n}", hour, $"P-{n}", ("quantity", n), ("orders", 1));

        var top = await GetAsync($"/stats/top-products?from={hour:O}&to={hour.AddHours(1):O}".Replace("+", "%2B", StringComparison.Ordinal));
        top["products"]!.AsArray().Select(p => p!["sku"]!.GetValue<string>()).ShouldBe(Enumerable.Range(3, 10).Reverse().Select(n => $"P-{n}"));
        var one = await GetAsync($"/stats?per=hour&product=P-3&from={hour.UtcDateTime:O}&to={hour.UtcDateTime.AddHours(1):O}");
        one["total"]!["orders"]!.GetValue<long>().ShouldBe(1);
        one.ShouldNotContainKey("countries");
        top["isComplete"]!.GetValue<bool>().ShouldBeTrue();
    }

    [Theory]
    [InlineData("per=day", "per")]
    [InlineData("from=yesterday", "from")]
    [InlineData("to=now", "to")]
    [InlineData("country=us", "country")]
    [InlineData("product=KB-01", "product")]
    [InlineData("per=hour&product=KB-01&country=US", "product")]
    [InlineData("from=2026-03-14T16:00:00Z&to=2026-03-14T15:00:00Z", "from")]
    [InlineData("from=2025-03-14T16:00:00Z&to=2026-03-14T15:00:00Z", "from")]
    [InlineData("per=hour&from=0001-01-01T00:00:00Z", "from")]
    [InlineData("to=0001-01-01T00:00:01Z", "to")]
    [InlineData("to=9999-12-31T23:59:59Z", "to")]
    [InlineData("from=2026-03-14T15:09:26%2B14:01", "from")]
    public async Task What_cannot_be_answered_is_told_by_parameter(string query, string field)
    {
        var problem = await (await _client.GetAsync($"/stats?{query}", Stop)).ProblemAsync(400);
        problem.Fields().ShouldBe([field]);
    }

    [Fact]
    public async Task Whoever_asks_for_more_hours_than_a_caller_may_is_told_when_to_come_again()
    {
        await using var frugal = service.WithWebHostBuilder(host => host
            .UseSetting("OrdersApi:Statistics:HoursPerSecond", "1").UseSetting("OrdersApi:Statistics:Burst", "169"));
        var client = frugal.CreateClient();
        const string week = "per=hour&from=2026-03-01T00:00:00Z&to=2026-03-08T00:00:00Z";
        (await client.GetAsync($"/stats?{week}", Stop)).StatusCode.ShouldBe(HttpStatusCode.OK);

        var refused = await client.GetAsync("/stats/top-products?from=2026-03-01T00:00:00Z&to=2026-03-03T00:00:00Z", Stop);

        (await refused.ProblemAsync(429))["detail"]!.GetValue<string>()
            .ShouldStartWith("These are more hours of statistics than one caller may have read (1 a second).");
        refused.Headers.RetryAfter!.Delta!.Value.ShouldBeGreaterThan(TimeSpan.Zero);
        (await client.GetAsync($"/stats?{week}", Stop)).StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task The_stream_tells_at_once_and_again_when_something_changed()
    {
        using var response = await _client.GetAsync("/stats/stream", HttpCompletionOption.ResponseHeadersRead, Stop);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Stop));
        (await NextAsync(reader))["total"]!["orders"]!.GetValue<long>().ShouldBe(0);

        var now = DateTimeOffset.UtcNow;
        await CountAsync("live", now, StatisticsDocument.MinuteId(now.Minute), ("orders|US", 5));

        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        deadline.CancelAfter(TimeSpan.FromSeconds(30));
        JsonNode? told;
        do
            told = await NextAsync(reader).WaitAsync(deadline.Token);
        while (told["total"]!["orders"]!.GetValue<long>() != 5);
    }

    private static async Task<JsonNode> NextAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync(Stop) is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal))
                return JsonNode.Parse(line[6..])!;
        }

        throw new EndOfStreamException("The stream ended.");
    }

    private async Task<JsonObject> GetAsync(string url)
    {
        var response = await _client.GetAsync(url, Stop);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        return await response.JsonAsync();
    }

    private Task CountProductAsync(string order, DateTimeOffset at, string sku, params (string Counter, long Value)[] counters) =>
        CountAsync(order, at, StatisticsDocument.ProductId(sku), sku, counters);

    private Task CountAsync(string order, DateTimeOffset at, string id, params (string Counter, long Value)[] counters) =>
        CountAsync(order, at, id, null, counters);

    private async Task CountAsync(string order, DateTimeOffset at, string id, string? sku, params (string Counter, long Value)[] counters)
    {
        var window = StatisticsDocument.WindowOf(order, at);
        var container = service.Services.GetRequiredService<OrdersDatabase>().View(ViewNames.Statistics, 1);
        using var there = await container.ReadItemStreamAsync(id, new PartitionKey(window), cancellationToken: Stop);
        var sums = there.StatusCode == HttpStatusCode.NotFound
            ? []
            : (await JsonSerializer.DeserializeAsync(there.Content, ReadModelsJson.Default.StatisticsDocument, Stop))!.Counters.ToDictionary();
        foreach (var (counter, value) in counters)
            sums[counter] = sums.GetValueOrDefault(counter) + value;
        using var body = new MemoryStream(
            JsonSerializer.SerializeToUtf8Bytes(new StatisticsDocument(id, window, 1, sums, sku), ReadModelsJson.Default.StatisticsDocument));
        (await container.UpsertItemStreamAsync(body, new PartitionKey(window), cancellationToken: Stop)).EnsureSuccessStatusCode();
    }
}
