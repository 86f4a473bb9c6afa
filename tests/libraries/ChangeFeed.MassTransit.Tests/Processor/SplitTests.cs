using System.Text.Json;
using ChangeFeed.MassTransit.Tests.Support;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.MassTransit.Tests.Processor;

/// <summary>
/// A partition split. The processor starts the leases of the new partitions where the old one was read to, which is further than where
/// it was handled to.
/// </summary>
public sealed class SplitTests(Store store)
{
    private readonly Seen _seen = new();

    [Fact]
    public async Task A_split_under_load_loses_nothing_and_keeps_the_order()
    {
        await using var feed = await Feed.CreateAsync(store);
        await feed.StartAsync(_seen);
        var writing = Task.WhenAll(Enumerable.Range(0, 16).Select(async stream =>
        {
            for (var version = 0; version < 40; version++)
                await feed.AppendAsync($"s{stream}", version, new ThingHappened(version));
        }));
        await Eventually.UntilAsync(() => _seen.Events.Count > 100, "some events");

        await Management.SplitAsync(store, feed.Events, "1");
        await Management.SplitAsync(store, feed.Events, "2");
        await writing;

        await Eventually.UntilAsync(() => Enumerable.Range(0, 16).All(i => _seen.Has($"s{i}", 39)), "all events");
        for (var i = 0; i < 16; i++)
            _seen.VersionsOf($"s{i}").Distinct().ShouldBe(Enumerable.Range(0, 40).Select(v => (long)v));
    }

    [Fact]
    public async Task The_leases_of_the_new_partitions_are_made_only_when_all_that_was_read_from_the_old_one_is_handled()
    {
        await using var feed = await Feed.CreateAsync(store);
        var release = new TaskCompletionSource();
        _seen.Before = (e, token) => e.StreamId == "slow" ? release.Task.WaitAsync(token) : Task.CompletedTask;
        var wire = new Wire();
        using var client = store.CreateClient(new ChangeFeedRequestHandler(), wire);
        await feed.StartAsync(_seen, client: client);
        await feed.AppendAsync("slow", 0, new ThingHappened(0));
        var range = await RangeOfAsync(feed, "slow");
        for (var i = 0; i < 20; i++)
            await feed.AppendAsync($"s{i}", 0, new ThingHappened(0));
        await Eventually.UntilAsync(() => _seen.Events.Count == 20, "the others");

        await Management.SplitAsync(store, feed.Events, range);
        await Eventually.UntilAsync(() => wire.GoneAnswers > 0, "the processor's read is answered with gone");
        await feed.AppendAsync("slow", 1, new ThingHappened(1));
        (await LeaseTokensAsync(feed)).ShouldContain(range);
        (await LeaseTokensAsync(feed)).Count.ShouldBe(4);

        release.SetResult();
        await Eventually.UntilAsync(() => _seen.Has("slow", 1), "what was written after the split");
        _seen.VersionsOf("slow").ShouldBe([0, 1]);
        (await LeaseTokensAsync(feed)).Count.ShouldBeGreaterThanOrEqualTo(5);
    }

    [Fact]
    public async Task A_crash_while_a_split_waits_for_an_unfinished_event_repeats_it()
    {
        await using var feed = await Feed.CreateAsync(store);
        var hang = true;
        _seen.Before = (e, token) => Volatile.Read(ref hang) && e.StreamId == "slow" ? Task.Delay(Timeout.Infinite, token) : Task.CompletedTask;
        var wire = new Wire();
        using var client = store.CreateClient(new ChangeFeedRequestHandler(), wire);
        await feed.StartAsync(_seen, client: client);
        await feed.AppendAsync("slow", 0, new ThingHappened(0));
        var range = await RangeOfAsync(feed, "slow");
        for (var i = 0; i < 20; i++)
            await feed.AppendAsync($"s{i}", 0, new ThingHappened(0));
        await Eventually.UntilAsync(() => _seen.Events.Count == 20, "the others");
        await Management.SplitAsync(store, feed.Events, range);
        await Eventually.UntilAsync(() => wire.GoneAnswers > 0, "the processor's read is answered with gone");

        wire.Cut();
        Volatile.Write(ref hang, false);
        var survivor = new Seen();
        using var another = store.CreateClient(new ChangeFeedRequestHandler());
        await feed.StartAsync(survivor, client: another);

        await Eventually.UntilAsync(() => survivor.Has("slow", 0), "the unfinished event");
    }

    private static async Task<string> RangeOfAsync(Feed feed, string stream)
    {
        using var query = feed.Events.GetItemQueryStreamIterator(
            "SELECT * FROM c", requestOptions: new QueryRequestOptions { PartitionKey = new PartitionKey(stream) });
        using var page = await query.ReadNextAsync();
        return page.Headers["x-ms-documentdb-partitionkeyrangeid"];
    }

    private static async Task<List<string>> LeaseTokensAsync(Feed feed)
    {
        var tokens = new List<string>();
        using var query = feed.Leases.GetItemQueryIterator<JsonElement>("SELECT VALUE c.LeaseToken FROM c WHERE IS_DEFINED(c.LeaseToken)");
        while (query.HasMoreResults)
            tokens.AddRange((await query.ReadNextAsync()).Select(token => token.GetString()!));
        return tokens;
    }
}
