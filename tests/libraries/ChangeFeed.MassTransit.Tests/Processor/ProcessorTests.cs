using System.Collections.Concurrent;
using System.Diagnostics;
using ChangeFeed.EventStore;
using ChangeFeed.MassTransit.Tests.Support;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.Logging;

namespace ChangeFeed.MassTransit.Tests.Processor;

/// <summary>The rider on the real SDK and its real change feed processor, against the embedded store.</summary>
public sealed class ProcessorTests(Store store)
{
    private readonly Seen _seen = new();

    [Fact]
    public async Task What_was_written_before_the_first_start_is_handled()
    {
        await using var feed = await Feed.CreateAsync(store);
        for (var i = 0; i < 20; i++)
            await feed.AppendAsync($"s{i}", 0, new ThingHappened(i));

        await feed.StartAsync(_seen);

        await Eventually.UntilAsync(() => Enumerable.Range(0, 20).All(i => _seen.Has($"s{i}", 0)), "all 20");
    }

    [Fact]
    public async Task Events_of_a_transaction_and_of_later_appends_come_in_order()
    {
        await using var feed = await Feed.CreateAsync(store);
        await feed.StartAsync(_seen);

        for (var version = 0; version < 30; version += 3)
            await feed.Store.AppendAsync(
                "s", version - 1, [new ThingHappened(version), new OtherHappened("x"), new ThingHappened(version + 2)], new AppendContext("test"),
                TestContext.Current.CancellationToken);

        await Eventually.UntilAsync(() => _seen.Has("s", 29), "the last");
        _seen.VersionsOf("s").ShouldBe(Enumerable.Range(0, 30).Select(i => (long)i));
    }

    [Fact]
    public async Task What_was_written_to_move_a_stream_is_not_handled_again()
    {
        await using var feed = await Feed.CreateAsync(store);
        await feed.AppendAsync("s", 0, new ThingHappened(0));
        await feed.StartAsync(_seen);
        await Eventually.UntilAsync(() => _seen.Has("s", 0), "the first event");

        (await feed.Events.PatchItemStreamAsync(
            "0", new PartitionKey("s"), [PatchOperation.Set("/_archive", new Dictionary<string, bool> { ["leaving"] = true })],
            cancellationToken: TestContext.Current.CancellationToken)).EnsureSuccessStatusCode().Dispose();
        await feed.AppendAsync("s", 1, new ThingHappened(1));

        await Eventually.UntilAsync(() => _seen.Has("s", 1), "the event after it");
        _seen.VersionsOf("s").ShouldBe([0L, 1]);
    }

    [Fact]
    public async Task Nothing_is_lost_when_the_first_batch_fails()
    {
        await using var feed = await Feed.CreateAsync(store);
        var failures = 0;
        _seen.Before = (_, _) => Interlocked.Increment(ref failures) <= 3 ? throw new InvalidOperationException("not yet") : Task.CompletedTask;
        await feed.StartAsync(_seen);

        await feed.AppendAsync("a", 0, new ThingHappened(0));
        await feed.AppendAsync("a", 1, new ThingHappened(1));

        await Eventually.UntilAsync(() => _seen.Has("a", 1), "the second event");
        _seen.VersionsOf("a").ShouldBe([0, 1]);
    }

    [Fact]
    public async Task A_restart_goes_on_after_the_checkpoint_and_skips_nothing_written_meanwhile()
    {
        await using var feed = await Feed.CreateAsync(store);
        var first = await feed.StartAsync(_seen);
        for (var i = 0; i < 8; i++)
            await feed.AppendAsync($"s{i}", 0, new ThingHappened(0));
        await Eventually.UntilAsync(() => _seen.Events.Count == 8, "the first 8");
        await feed.StopAsync(first);

        for (var i = 0; i < 8; i++)
            await feed.AppendAsync($"s{i}", 1, new ThingHappened(1));
        await feed.StartAsync(_seen);

        await Eventually.UntilAsync(() => Enumerable.Range(0, 8).All(i => _seen.Has($"s{i}", 1)), "the rest");
        _seen.Events.Count.ShouldBe(16); // a clean stop checkpoints, so nothing came twice
    }

    [Fact]
    public async Task A_restart_before_the_first_page_of_a_partition_skips_nothing()
    {
        await using var feed = await Feed.CreateAsync(store);
        var first = await feed.StartAsync(_seen);
        await Eventually.UntilAsync(() => feed.Log.Lines.Any(l => l.Text.Contains("reading the change feed")), "the start");
        await feed.StopAsync(first);

        await feed.AppendAsync("a", 0, new ThingHappened(0));
        var written = DateTime.UtcNow; // "now", the default start, would be rounded down to a second
        await Eventually.UntilAsync(() => DateTime.UtcNow - written > TimeSpan.FromSeconds(1.1), "the next second");
        await feed.StartAsync(_seen);

        await Eventually.UntilAsync(() => _seen.Has("a", 0), "the event");
    }

    [Fact]
    public async Task Stopping_gives_the_leases_back_at_once()
    {
        await using var feed = await Feed.CreateAsync(store);
        var host = await feed.StartAsync(_seen);
        await feed.AppendAsync("a", 0, new ThingHappened(0));
        await Eventually.UntilAsync(() => _seen.Has("a", 0), "the event");

        var watch = Stopwatch.StartNew();
        await feed.StopAsync(host);

        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(5));
        (await OwnersAsync(feed)).ShouldAllBe(owner => owner == null);
    }

    [Fact]
    public async Task A_second_instance_takes_its_share_and_nothing_is_lost_or_out_of_order()
    {
        await using var feed = await Feed.CreateAsync(store);
        var other = new Seen();
        var order = new ConcurrentDictionary<string, long>();
        _seen.Before = other.Before = (e, _) =>
        {
            e.Version.ShouldBeLessThanOrEqualTo(order.GetOrAdd(e.StreamId, -1) + 1);
            order.AddOrUpdate(e.StreamId, e.Version, (_, before) => Math.Max(before, e.Version));
            return Task.CompletedTask;
        };
        await feed.StartAsync(_seen);
        // Two instances that find no leases at all: the SDK has the second wait 15 s for the first to create them.
        await Eventually.UntilAsync(async () => (await OwnersAsync(feed)).Count(owner => owner is not null) == 4, "the first instance has all leases");
        using var client = store.CreateClient(new ChangeFeedRequestHandler());
        var writing = WriteAsync(feed, streams: 12, versions: 25);
        var second = await feed.StartAsync(other, client: client);

        await Eventually.UntilAsync(
            async () => (await OwnersAsync(feed)).OfType<string>().GroupBy(o => o).Select(g => g.Count()).Order().SequenceEqual([2, 2]), "2 leases each");
        await writing;
        await Eventually.UntilAsync(() => Enumerable.Range(0, 12).All(i => _seen.Has($"s{i}", 24) || other.Has($"s{i}", 24)), "all events");

        await feed.StopAsync(second);
        await WriteAsync(feed, streams: 12, versions: 30, from: 25);
        await Eventually.UntilAsync(() => Enumerable.Range(0, 12).All(i => _seen.Has($"s{i}", 29) || other.Has($"s{i}", 29)), "the rest");
        for (var i = 0; i < 12; i++)
            _seen.VersionsOf($"s{i}").Concat(other.VersionsOf($"s{i}")).Distinct().Count().ShouldBe(30);
    }

    [Fact]
    public async Task A_slow_stream_does_not_hold_up_the_others_of_its_partition_and_its_event_is_not_checkpointed_past()
    {
        await using var feed = await Feed.CreateAsync(store);
        var release = new TaskCompletionSource();
        _seen.Before = (e, cancellation) => e.StreamId == "slow" ? release.Task.WaitAsync(cancellation) : Task.CompletedTask;
        var host = await feed.StartAsync(_seen);
        await feed.AppendAsync("slow", 0, new ThingHappened(0));

        for (var i = 0; i < 40; i++)
            await feed.AppendAsync($"s{i}", 0, new ThingHappened(i));
        await Eventually.UntilAsync(() => _seen.Events.Count == 40, "the others");
        await feed.StopAsync(host);

        release.SetResult();
        await feed.StartAsync(_seen);
        await Eventually.UntilAsync(() => _seen.Has("slow", 0), "the slow one");
    }

    [Fact]
    public async Task Without_the_request_handler_pages_do_not_overlap_and_it_says_so()
    {
        await using var feed = await Feed.CreateAsync(store);
        using var client = store.CreateClient();

        await feed.StartAsync(_seen, client: client);
        await feed.AppendAsync("a", 0, new ThingHappened(0));

        await Eventually.UntilAsync(() => _seen.Has("a", 0), "the event");
        feed.Log.Lines.ShouldContain(l => l.Level == LogLevel.Warning && l.Text.Contains("ChangeFeedRequestHandler"));
    }

    [Fact]
    public async Task A_pull_reader_on_the_same_client_is_answered_at_once_also_inside_a_consumer()
    {
        await using var feed = await Feed.CreateAsync(store);
        var waited = new ConcurrentQueue<TimeSpan>();
        _seen.Before = async (_, cancellation) =>
        {
            var watch = Stopwatch.StartNew();
            using var pages = feed.Events.GetChangeFeedStreamIterator(ChangeFeedStartFrom.Now(), ChangeFeedMode.LatestVersion);
            using var page = await pages.ReadNextAsync(cancellation);
            page.StatusCode.ShouldBe(System.Net.HttpStatusCode.NotModified);
            waited.Enqueue(watch.Elapsed);
        };
        await feed.StartAsync(_seen);

        await feed.AppendAsync("a", 0, new ThingHappened(0));

        await Eventually.UntilAsync(() => _seen.Has("a", 0), "the event");
        waited.ShouldAllBe(time => time < TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task The_consumer_continues_the_trace_of_the_append()
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is ChangeFeedTelemetry.ActivitySourceName or EventStoreTelemetry.ActivitySourceName or "caller",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        using var caller = new ActivitySource("caller");
        await using var feed = await Feed.CreateAsync(store);
        await feed.StartAsync(_seen);

        using var request = caller.StartActivity("POST /orders").ShouldNotBeNull();
        await feed.AppendAsync("a", 0, new ThingHappened(0));

        await Eventually.UntilAsync(() => _seen.Has("a", 0), "the event");
        _seen.Activities.Single()!.TraceId.ShouldBe(request.TraceId);
    }

    internal static async Task<List<string?>> OwnersAsync(Feed feed) =>
        [.. (await LeasesAsync(feed)).Select(lease => lease.TryGetProperty("Owner", out var owner) ? owner.GetString() : null)];

    internal static async Task<List<System.Text.Json.JsonElement>> LeasesAsync(Feed feed)
    {
        var leases = new List<System.Text.Json.JsonElement>();
        using var query = feed.Leases.GetItemQueryIterator<System.Text.Json.JsonElement>("SELECT * FROM c WHERE IS_DEFINED(c.LeaseToken)");
        while (query.HasMoreResults)
            leases.AddRange(await query.ReadNextAsync());
        return leases;
    }

    private static Task WriteAsync(Feed feed, int streams, int versions, int from = 0) => Task.WhenAll(Enumerable.Range(0, streams).Select(async stream =>
    {
        for (var version = from; version < versions; version++)
            await feed.AppendAsync($"s{stream}", version, new ThingHappened(version));
    }));
}
