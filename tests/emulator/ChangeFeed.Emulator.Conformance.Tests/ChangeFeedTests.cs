using System.Diagnostics;
using System.Net;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.Emulator.Conformance.Tests;

public sealed class ChangeFeedTests(Endpoint endpoint)
{
    [Fact]
    public async Task From_the_beginning_every_item_is_seen_once_in_its_latest_version()
    {
        var container = await endpoint.NewContainerAsync();
        for (var i = 0; i < 40; i++)
            await container.CreateItemAsync(new Thing($"{i}", $"k{i}", 0));
        await container.UpsertItemAsync(new Thing("5", "k5", 1));
        await container.DeleteItemAsync<Thing>("6", new("k6"));

        var seen = await DrainAsync(container, ChangeFeedStartFrom.Beginning(), pageSize: 3);
        seen.Select(thing => thing.id).Order().ShouldBe(Enumerable.Range(0, 40).Where(i => i != 6).Select(i => $"{i}").Order());
        seen.Single(thing => thing.id == "5").n.ShouldBe(1);
    }

    [Fact]
    public async Task Changes_of_one_key_come_in_the_order_they_were_written()
    {
        var container = await endpoint.NewContainerAsync();
        for (var i = 0; i < 30; i++)
            await container.CreateItemAsync(new Thing($"{i}", i % 2 == 0 ? "even" : "odd"));
        var seen = await DrainAsync(container, ChangeFeedStartFrom.Beginning(FeedRange.FromPartitionKey(new("odd"))), pageSize: 4);
        seen.Select(thing => thing.id).ShouldBe(Enumerable.Range(0, 30).Where(i => i % 2 == 1).Select(i => $"{i}"));
    }

    [Fact]
    public async Task From_now_only_later_changes_are_seen_and_a_continuation_resumes_exactly()
    {
        var container = await endpoint.NewContainerAsync();
        await container.CreateItemAsync(new Thing("before", "a"));
        using var feed = container.GetChangeFeedIterator<Thing>(ChangeFeedStartFrom.Now(), ChangeFeedMode.Incremental);
        var continuation = (await ReadToEndAsync(feed, [])).Continuation;
        await container.CreateItemAsync(new Thing("first", "a"));
        var first = new List<Thing>();
        using var resumed = container.GetChangeFeedIterator<Thing>(
            ChangeFeedStartFrom.ContinuationToken(continuation), ChangeFeedMode.Incremental);
        continuation = (await ReadToEndAsync(resumed, first)).Continuation;
        first.Select(thing => thing.id).ShouldBe(["first"]);

        await container.CreateItemAsync(new Thing("second", "b"));
        (await DrainAsync(container, ChangeFeedStartFrom.ContinuationToken(continuation))).Select(thing => thing.id).ShouldBe(["second"]);
    }

    [Fact]
    public async Task From_a_time_changes_after_that_second_are_seen()
    {
        var container = await endpoint.NewContainerAsync();
        await container.CreateItemAsync(new Thing("old", "a"));
        var item = await container.ReadItemAsync<Newtonsoft.Json.Linq.JObject>("old", new("a"));
        var written = DateTimeOffset.FromUnixTimeSeconds((long)item.Resource["_ts"]!).UtcDateTime;
        (await DrainAsync(container, ChangeFeedStartFrom.Time(written.AddSeconds(-1)))).Count.ShouldBe(1);
        (await DrainAsync(container, ChangeFeedStartFrom.Time(written))).Count.ShouldBe(0);

        await Eventually.UntilAsync(
            () => DateTimeOffset.UtcNow.ToUnixTimeSeconds() > new DateTimeOffset(written).ToUnixTimeSeconds(), "the next second");
        for (var i = 0; i < 20; i++)
            await container.CreateItemAsync(new Thing($"new{i}", $"k{i}"));
        (await DrainAsync(container, ChangeFeedStartFrom.Time(written))).Count.ShouldBe(20);
    }

    [Fact]
    public async Task Ranges_and_parts_of_ranges_together_see_everything_once()
    {
        var container = await endpoint.NewContainerAsync();
        for (var i = 0; i < 60; i++)
            await container.CreateItemAsync(new Thing($"{i}", $"k{i}"));
        var ids = new List<string>();
        foreach (var range in await container.GetFeedRangesAsync())
        {
            var json = Newtonsoft.Json.Linq.JObject.Parse(range.ToJsonString())["Range"]!;
            var (min, max) = ((string)json["min"]!, (string)json["max"]!);
            var middle = (max == "FF" ? "3" : max[..1]) + "8";
            foreach (var (from, to) in new[] { (min, middle), (middle, max) })
            {
                var part = FeedRange.FromJsonString($$$"""{"Range":{"min":"{{{from}}}","max":"{{{to}}}"}}""");
                ids.AddRange((await DrainAsync(container, ChangeFeedStartFrom.Beginning(part))).Select(thing => thing.id));
            }
        }
        ids.Count.ShouldBe(60);
        ids.Distinct().Count().ShouldBe(60);
    }

    [Fact]
    public async Task A_transaction_is_never_split_over_pages()
    {
        var container = await endpoint.NewContainerAsync();
        await container.CreateItemAsync(new Thing("single", "a"));
        var batch = container.CreateTransactionalBatch(new("a"));
        for (var i = 0; i < 6; i++)
            batch.CreateItem(new Thing($"{i}", "a"));
        (await batch.ExecuteAsync()).IsSuccessStatusCode.ShouldBeTrue();

        using var feed = container.GetChangeFeedIterator<Thing>(
            ChangeFeedStartFrom.Beginning(FeedRange.FromPartitionKey(new("a"))), ChangeFeedMode.Incremental, new() { PageSizeHint = 2 });
        var pages = new List<int>();
        while ((await feed.ReadNextAsync()) is { StatusCode: HttpStatusCode.OK } page)
            pages.Add(page.Count);
        pages.ShouldBe([7]);
    }

    [Fact]
    public async Task Expired_items_are_not_in_the_feed()
    {
        var container = await endpoint.NewContainerAsync(change: properties => properties.DefaultTimeToLive = -1);
        await container.CreateItemAsync(new Thing("short", "a", ttl: 1));
        await container.CreateItemAsync(new Thing("long", "a", ttl: 1000));
        await Eventually.UntilAsync(
            async () => (await DrainAsync(container, ChangeFeedStartFrom.Beginning())).Count == 1, "the short-lived item is gone");
    }

    [Fact]
    public async Task A_held_read_answers_as_soon_as_something_is_written()
    {
        var container = await endpoint.NewContainerAsync();
        using var client = Endpoint.Connect(endpoint.ConnectionString, options => options.CustomHandlers.Add(new LongPoll(20_000)));
        using var feed = client.GetContainer(container.Database.Id, container.Id)
            .GetChangeFeedIterator<Thing>(ChangeFeedStartFrom.Now(FeedRange.FromPartitionKey(new("a"))), ChangeFeedMode.Incremental);
        var waiting = feed.ReadNextAsync();
        var clock = Stopwatch.StartNew();
        await Task.Delay(300);
        waiting.IsCompleted.ShouldBeFalse();
        await container.CreateItemAsync(new Thing("1", "a"));
        var page = await waiting;
        page.Select(thing => thing.id).ShouldBe(["1"]);
        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(15));
    }

    [Fact]
    public async Task A_held_read_with_nothing_to_say_ends_when_its_time_is_over()
    {
        var container = await endpoint.NewContainerAsync();
        using var client = Endpoint.Connect(endpoint.ConnectionString, options => options.CustomHandlers.Add(new LongPoll(200)));
        using var feed = client.GetContainer(container.Database.Id, container.Id)
            .GetChangeFeedIterator<Thing>(ChangeFeedStartFrom.Now(FeedRange.FromPartitionKey(new("a"))), ChangeFeedMode.Incremental);
        (await feed.ReadNextAsync()).StatusCode.ShouldBe(HttpStatusCode.NotModified);
    }

    [Fact]
    public async Task A_lingering_read_waits_for_more_and_leaves_nothing_out()
    {
        var container = await endpoint.NewContainerAsync();
        using var client = Endpoint.Connect(endpoint.ConnectionString, options => options.CustomHandlers.Add(new LongPoll(20_000, linger: 1000)));
        using var feed = Read(client, container);
        var waiting = feed.ReadNextAsync();
        for (var i = 0; i < 3; i++)
            await container.CreateItemAsync(new Thing($"{i}", "a"));

        (await waiting).Select(thing => thing.id).ShouldBe(["0", "1", "2"]);
    }

    [Fact]
    public async Task A_document_that_is_waited_for_ends_the_linger_and_comes_with_those_before_it()
    {
        var container = await endpoint.NewContainerAsync();
        using var client = Endpoint.Connect(
            endpoint.ConnectionString, options => options.CustomHandlers.Add(new LongPoll(20_000, linger: 20_000, wake: "id=x,2")));
        using var feed = Read(client, container);
        var waiting = feed.ReadNextAsync();
        for (var i = 0; i < 3; i++)
            await container.CreateItemAsync(new Thing($"{i}", "a"));

        var clock = Stopwatch.StartNew();
        (await waiting).Select(thing => thing.id).ShouldBe(["0", "1", "2"]);
        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(15));
    }

    [Theory]
    [InlineData("soon", null)]
    [InlineData("5", "type")]
    [InlineData("5", "=a")]
    public async Task A_linger_that_cannot_be_understood_is_refused(string linger, string? wake)
    {
        var container = await endpoint.NewContainerAsync();
        using var client = Endpoint.Connect(
            endpoint.ConnectionString, options => options.CustomHandlers.Add(new LongPoll(200, wake: wake) { LingerText = linger }));
        using var feed = Read(client, container);
        (await Should.ThrowAsync<CosmosException>(() => feed.ReadNextAsync())).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    private static FeedIterator<Thing> Read(CosmosClient client, Container container) => client
        .GetContainer(container.Database.Id, container.Id)
        .GetChangeFeedIterator<Thing>(ChangeFeedStartFrom.Beginning(FeedRange.FromPartitionKey(new("a"))), ChangeFeedMode.Incremental);

    [Fact]
    public async Task A_reader_goes_on_through_a_split()
    {
        var container = await endpoint.NewContainerAsync();
        for (var i = 0; i < 40; i++)
            await container.CreateItemAsync(new Thing($"{i}", $"k{i}"));
        using var feed = container.GetChangeFeedIterator<Thing>(
            ChangeFeedStartFrom.Beginning(), ChangeFeedMode.Incremental, new() { PageSizeHint = 2 });
        var seen = new List<Thing>();
        for (var page = 0; page < 4; page++)
            seen.AddRange(await feed.ReadNextAsync());
        foreach (var range in new[] { "0", "1", "2" })
            await endpoint.SplitAsync(container, range);
        for (var i = 40; i < 80; i++)
            await container.CreateItemAsync(new Thing($"{i}", $"k{i}"));
        await ReadToEndAsync(feed, seen);
        seen.Select(thing => thing.id).Order().ShouldBe(Enumerable.Range(0, 80).Select(i => $"{i}").Order());
    }

    private static async Task<List<Thing>> DrainAsync(Container container, ChangeFeedStartFrom start, int? pageSize = null)
    {
        using var feed = container.GetChangeFeedIterator<Thing>(start, ChangeFeedMode.Incremental, new() { PageSizeHint = pageSize });
        var seen = new List<Thing>();
        await ReadToEndAsync(feed, seen);
        return seen;
    }

    private static async Task<(string Continuation, int Pages)> ReadToEndAsync(FeedIterator<Thing> feed, List<Thing> seen)
    {
        for (var pages = 0; ; pages++)
        {
            var page = await feed.ReadNextAsync();
            if (page.StatusCode == HttpStatusCode.NotModified)
                return (page.ContinuationToken, pages);
            seen.AddRange(page);
        }
    }
}

/// <summary>Asks the endpoint to hold change feed reads until there is something to say, or enough of it.</summary>
public sealed class LongPoll(int milliseconds, int? linger = null, string? wake = null) : RequestHandler
{
    public string? LingerText { get; init; } = linger?.ToString(System.Globalization.CultureInfo.InvariantCulture);

    public override Task<ResponseMessage> SendAsync(RequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.Add("x-ms-emulator-longpoll", $"{milliseconds}");
        if (LingerText is not null)
            request.Headers.Add("x-ms-emulator-linger", LingerText);
        if (wake is not null)
            request.Headers.Add("x-ms-emulator-wake", wake);
        return base.SendAsync(request, cancellationToken);
    }
}
