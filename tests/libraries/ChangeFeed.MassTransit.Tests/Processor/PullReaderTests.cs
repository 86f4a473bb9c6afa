using ChangeFeed.EventStore;
using ChangeFeed.MassTransit.Tests.Support;

namespace ChangeFeed.MassTransit.Tests.Processor;

/// <summary>Reading the feed without leases.</summary>
public sealed class PullReaderTests(Store store)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Everything_is_read_in_order_per_stream_and_a_position_goes_on_where_it_was()
    {
        await using var feed = await Feed.CreateAsync(store);
        await WriteAsync(feed, 0, 10);
        var reader = new ChangeFeedReader(feed.Events, TestEvents.Map);

        var (events, position) = await AllAsync(reader, new FeedReadOptions { PageSize = 7 });
        events.Count.ShouldBe(60);
        foreach (var stream in events.GroupBy(e => e.StreamId))
            stream.Select(e => e.Version).ShouldBe(Enumerable.Range(0, 10).Select(v => (long)v));

        await WriteAsync(feed, 10, 12);
        var (later, _) = await AllAsync(reader, new FeedReadOptions { Position = position });
        later.Count.ShouldBe(12);
        later.ShouldAllBe(e => e.Version >= 10);
    }

    [Fact]
    public async Task What_was_written_to_a_partition_that_was_split_meanwhile_is_read()
    {
        await using var feed = await Feed.CreateAsync(store);
        using var elsewhere = store.CreateClient(); // the reader's own client does not learn of the split by writing
        await WriteAsync(feed.Store, 0, Enumerable.Range(0, 40).Select(stream => $"s{stream}"));
        var reader = new ChangeFeedReader(feed.Events, TestEvents.Map);
        var (_, position) = await AllAsync(reader, new FeedReadOptions());
        var second = await AllAsync(reader, new FeedReadOptions { Range = (await reader.RangesAsync(Cancel))[1] });
        var streams = second.Events.Select(e => e.StreamId).ToList();

        await Management.SplitAsync(store, feed.Events, "1");
        var events = elsewhere.GetContainer(feed.Events.Database.Id, feed.Events.Id);
        await WriteAsync(new CosmosEventStore(events, TestEvents.Map, TimeProvider.System), 1, streams);

        (await AllAsync(reader, new FeedReadOptions { Position = position })).Events.Select(e => e.StreamId).ShouldBe(streams, ignoreOrder: true);

        static Task WriteAsync(CosmosEventStore store, long version, IEnumerable<string> streams) => Task.WhenAll(streams.Select(stream =>
            store.AppendAsync(stream, version - 1, [new ThingHappened(0)], new AppendContext("test"), Cancel)));
    }

    [Fact]
    public async Task One_stream_or_one_range_can_be_read_by_itself()
    {
        await using var feed = await Feed.CreateAsync(store);
        await WriteAsync(feed, 0, 3);
        var reader = new ChangeFeedReader(feed.Events, TestEvents.Map);

        var (stream, _) = await AllAsync(reader, new FeedReadOptions { StreamId = "s2" });
        stream.Select(e => (e.StreamId, e.Version)).ShouldBe([("s2", 0), ("s2", 1), ("s2", 2)]);

        var all = new List<RecordedEvent>();
        var ranges = await reader.RangesAsync(Cancel);
        ranges.Count.ShouldBe(4);
        foreach (var range in ranges)
            all.AddRange((await AllAsync(reader, new FeedReadOptions { Range = range })).Events);
        all.Count.ShouldBe(18);
    }

    [Fact]
    public async Task What_is_no_event_is_reported_and_does_not_stop_the_reader()
    {
        await using var feed = await Feed.CreateAsync(store);
        await feed.WriteAsync("a", """{"id":"garbage","streamId":"a"}""");
        await feed.AppendAsync("a", 0, new ThingHappened(0));
        var reader = new ChangeFeedReader(feed.Events, TestEvents.Map);
        var problems = new List<UnreadableDocument>();

        await foreach (var page in reader.ReadAsync(cancellationToken: Cancel))
            problems.AddRange(page.Problems);

        problems.Single().Problem.ShouldContain("'version'");
        problems.Single().Document.GetProperty("id").GetString().ShouldBe("garbage");
    }

    [Fact]
    public async Task Contradicting_options_are_refused()
    {
        await using var feed = await Feed.CreateAsync(store);
        var reader = new ChangeFeedReader(feed.Events, TestEvents.Map);
        var range = (await reader.RangesAsync(Cancel))[0];

        await Should.ThrowAsync<ArgumentException>(() => AllAsync(reader, new FeedReadOptions { StreamId = "a", Range = range }));
        await Should.ThrowAsync<ArgumentException>(() => AllAsync(reader, new FeedReadOptions { PageSize = 0 }));
    }

    private static async Task<(List<RecordedEvent> Events, string Position)> AllAsync(ChangeFeedReader reader, FeedReadOptions options)
    {
        var events = new List<RecordedEvent>();
        var position = "";
        await foreach (var page in reader.ReadAsync(options, Cancel))
        {
            events.AddRange(page.Events);
            position = page.Position;
        }

        return (events, position);
    }

    private static async Task WriteAsync(Feed feed, int from, int to)
    {
        for (var version = from; version < to; version++)
            for (var stream = 0; stream < 6; stream++)
                await feed.AppendAsync($"s{stream}", version, new ThingHappened(version));
    }
}
