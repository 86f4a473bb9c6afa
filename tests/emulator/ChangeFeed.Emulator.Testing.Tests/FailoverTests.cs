using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Azure.Cosmos;
using static ChangeFeed.Emulator.Testing.Tests.TwoRegions;

namespace ChangeFeed.Emulator.Testing.Tests;

/// <summary>What the unmodified SDK does, and what is left, when a region is lost.</summary>
public sealed class FailoverTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_SDK_goes_on_writing_when_the_write_region_is_lost_with_or_without_what_had_not_arrived(bool keepTail)
    {
        await using var regions = await StartAsync();
        await WriteAsync(regions.West, "arrived");
        await Eventually.UntilAsync(async () => await HasAsync(regions.Only("east"), "arrived"));
        await regions.Cosmos.Regions.SetLagAsync(Never);
        await WriteAsync(regions.West, "tail");

        await regions.Cosmos.Regions.LoseAsync("west", keepTail);
        var began = Stopwatch.GetTimestamp();
        await WriteAsync(regions.West, "after");
        output.WriteLine($"The SDK wrote in the other region after {Stopwatch.GetElapsedTime(began).TotalMilliseconds:0} ms.");

        (await HasAsync(regions.West, "arrived")).ShouldBeTrue();
        (await HasAsync(regions.West, "tail")).ShouldBe(keepTail);
        (await HasAsync(regions.West, "after")).ShouldBeTrue();
        (await regions.Cosmos.Regions.GetWriteRegionAsync()).ShouldBe("east");
    }

    [Fact]
    public async Task Reads_go_on_in_the_write_region_when_the_near_one_is_lost()
    {
        await using var regions = await StartAsync();
        await WriteAsync(regions.East, "1");
        await regions.Cosmos.Regions.LoseAsync("east");

        var began = Stopwatch.GetTimestamp();
        (await HasAsync(regions.East, "1")).ShouldBeTrue();
        output.WriteLine($"The SDK read in the other region after {Stopwatch.GetElapsedTime(began).TotalMilliseconds:0} ms.");

        await WriteAsync(regions.East, "2");
        await regions.Cosmos.Regions.RecoverAsync("east");
        await Eventually.UntilAsync(async () => await HasAsync(regions.Only("east"), "2"));
    }

    [Fact]
    public async Task A_region_that_comes_back_has_what_the_others_have_and_not_what_only_it_had()
    {
        await using var regions = await StartAsync();
        await regions.Cosmos.Regions.SetLagAsync(Never);
        await WriteAsync(regions.West, "tail");
        await regions.Cosmos.Regions.LoseAsync("west");
        await WriteAsync(regions.East, "after");

        await regions.Cosmos.Regions.RecoverAsync("west");
        await regions.Cosmos.Regions.SetLagAsync(TimeSpan.Zero);

        await Eventually.UntilAsync(async () => await HasAsync(regions.Only("west"), "after"));
        (await HasAsync(regions.Only("west"), "tail")).ShouldBeFalse();
        await regions.Cosmos.Regions.PromoteAsync("west");
        await WriteAsync(regions.East, "home again");
        (await HasAsync(regions.West, "after")).ShouldBeTrue();
    }

    [Fact]
    public async Task Until_somebody_takes_its_place_a_lost_write_region_is_missed_and_then_the_SDK_goes_on()
    {
        await using var regions = await StartAsync();
        await WriteAsync(regions.West, "before");
        await Eventually.UntilAsync(async () => await HasAsync(regions.Only("east"), "before"));
        await regions.Cosmos.Regions.LoseAsync("west", failOver: false);

        (await HasAsync(regions.Only("east"), "before")).ShouldBeTrue();
        var write = WriteAsync(regions.West, "after");
        await regions.Cosmos.Regions.PromoteAsync("east");

        var began = Stopwatch.GetTimestamp();
        await Eventually.UntilAsync(async () => await EndedAsync());
        output.WriteLine($"The SDK wrote {Stopwatch.GetElapsedTime(began).TotalMilliseconds:0} ms after another region took its place.");
        (await HasAsync(regions.West, "after")).ShouldBeTrue();

        async Task<bool> EndedAsync()
        {
            if (write.IsCompletedSuccessfully)
                return true;
            if (write.IsFaulted)
                write = WriteAsync(regions.West, "after");
            await Task.WhenAny(write, Task.Delay(TimeSpan.FromSeconds(1)));
            return false;
        }
    }

    [Fact]
    public async Task A_write_region_that_is_replaced_in_time_loses_nothing_under_a_writer()
    {
        await using var regions = await StartAsync();
        await regions.Cosmos.Regions.SetLagAsync(TimeSpan.FromMilliseconds(300));
        using var stop = new CancellationTokenSource();
        var acknowledged = new ConcurrentBag<string>();
        var writer = Task.Run(async () =>
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                try
                {
                    await WriteAsync(regions.West, $"{i}");
                    acknowledged.Add($"{i}");
                }
                catch (CosmosException)
                {
                    // Not acknowledged, so nothing is promised of it.
                }
            }
        });
        await Eventually.UntilAsync(() => acknowledged.Count > 20);

        await regions.Cosmos.Regions.PromoteAsync("east");

        var before = acknowledged.Count;
        await Eventually.UntilAsync(() => acknowledged.Count > before + 20);
        await stop.CancelAsync();
        await writer;
        foreach (var id in acknowledged)
            (await HasAsync(regions.West, id)).ShouldBeTrue(id);
    }

    [Fact]
    public async Task A_reader_of_the_feed_that_has_seen_what_is_lost_misses_nothing_that_comes_after()
    {
        await using var regions = await StartAsync();
        await regions.Cosmos.Regions.SetLagAsync(Never);
        for (var i = 0; i < 5; i++)
            await WriteAsync(regions.West, $"tail-{i}");
        var (seen, continuation) = await ReadFeedAsync(regions.West, ChangeFeedStartFrom.Beginning());
        seen.Count.ShouldBe(5);

        await regions.Cosmos.Regions.LoseAsync("west");
        await WriteAsync(regions.West, "after-1");
        await WriteAsync(regions.West, "after-2");

        (await ReadFeedAsync(regions.West, ChangeFeedStartFrom.ContinuationToken(continuation))).Ids.ShouldBe(["after-1", "after-2"]);
        (await ReadFeedAsync(regions.West, ChangeFeedStartFrom.Beginning())).Ids.ShouldBe(["after-1", "after-2"]);
    }

    [Fact]
    public async Task A_session_that_has_seen_what_is_lost_goes_on()
    {
        await using var regions = await StartAsync();
        await regions.Cosmos.Regions.SetLagAsync(Never);
        var lost = await WriteAsync(regions.West, "tail");
        await regions.Cosmos.Regions.LoseAsync("west");

        var token = (await WriteAsync(regions.West, "after")).Headers.Session;
        token.ShouldStartWith("0:1#");
        using var gone = await regions.West.ReadItemStreamAsync("tail", new("ada"), new() { SessionToken = lost.Headers.Session });
        ((int)gone.StatusCode, gone.Headers["x-ms-substatus"]).ShouldBe((404, null));
        await regions.West.ReadItemAsync<Order>("after", new("ada"), new() { SessionToken = token });
    }

    [Fact]
    public async Task A_change_feed_processor_goes_on_in_the_other_region()
    {
        await using var regions = await StartAsync();
        Container leases = await regions.West.Database.CreateContainerAsync(new("leases", "/id") { DefaultTimeToLive = -1 });
        var seen = new ConcurrentQueue<string>();
        var processor = regions.West
            .GetChangeFeedProcessorBuilder<Order>("reader", (orders, _) =>
            {
                foreach (var order in orders)
                    seen.Enqueue(order.id);
                return Task.CompletedTask;
            })
            .WithInstanceName("one").WithLeaseContainer(leases).WithPollInterval(TimeSpan.FromMilliseconds(50))
            .WithStartTime(DateTime.MinValue.ToUniversalTime()).Build();
        await processor.StartAsync();
        await WriteAsync(regions.West, "before");
        await Eventually.UntilAsync(() => seen.Contains("before"));

        await regions.Cosmos.Regions.LoseAsync("west", keepTail: true);
        var began = Stopwatch.GetTimestamp();
        await WriteAsync(regions.West, "after");
        await Eventually.UntilAsync(() => seen.Contains("after"));
        output.WriteLine($"The processor had what was written after {Stopwatch.GetElapsedTime(began).TotalMilliseconds:0} ms.");
        await processor.StopAsync();
        seen.Count(id => id == "after").ShouldBe(1);
    }

    [Fact]
    public async Task A_third_region_that_is_ahead_of_the_new_write_region_becomes_a_copy_of_it()
    {
        await using var regions = await StartAsync("north");
        await regions.Cosmos.Regions.SplitAsync("east");
        await WriteAsync(regions.West, "seen in the north");
        await Eventually.UntilAsync(async () => await HasAsync(regions.Only("north"), "seen in the north"));
        await regions.Cosmos.Regions.LoseAsync("west", failOver: false);

        await regions.Cosmos.Regions.PromoteAsync("east");
        await WriteAsync(regions.East, "after");

        await Eventually.UntilAsync(async () => await HasAsync(regions.Only("north"), "after"));
        (await HasAsync(regions.Only("north"), "seen in the north")).ShouldBeFalse();
    }

    private static async Task<(List<string> Ids, string Continuation)> ReadFeedAsync(Container container, ChangeFeedStartFrom from)
    {
        using var feed = container.GetChangeFeedIterator<Order>(from, ChangeFeedMode.LatestVersion);
        var ids = new List<string>();
        while (true)
        {
            var page = await feed.ReadNextAsync();
            if (page.StatusCode == System.Net.HttpStatusCode.NotModified)
                return (ids, page.ContinuationToken);
            ids.AddRange(page.Select(order => order.id));
        }
    }
}
