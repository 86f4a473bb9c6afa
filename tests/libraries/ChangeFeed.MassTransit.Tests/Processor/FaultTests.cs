using ChangeFeed.MassTransit.Tests.Support;

namespace ChangeFeed.MassTransit.Tests.Processor;

/// <summary>A store that is slow, throttles or fails for a while.</summary>
public sealed class FaultTests(Store store)
{
    private readonly Seen _seen = new();

    [Theory]
    [InlineData(503, 0.5)]
    [InlineData(429, 0.5)]
    [InlineData(500, 0.3)]
    [InlineData(408, 0.3)]
    public async Task A_store_that_fails_for_a_while_costs_time_but_no_event(int status, double probability)
    {
        await using var feed = await Feed.CreateAsync(store);
        await feed.StartAsync(_seen);
        await feed.AppendAsync("s0", 0, new ThingHappened(0));
        await Eventually.UntilAsync(() => _seen.Has("s0", 0), "the first");

        // Reads of the feed and writes of the leases; what this test appends itself is a POST.
        await Management.FaultAsync(store, new { status, probability, count = 15, path = feed.Events.Id, verb = "GET", retryAfterMs = 5 });
        await Management.FaultAsync(store, new { status, probability, count = 15, path = feed.Leases.Id, verb = "PUT", retryAfterMs = 5 });
        for (var i = 1; i < 40; i++)
            await feed.AppendAsync($"s{i % 8}", i / 8, new ThingHappened(i));

        await Eventually.UntilAsync(() => Enumerable.Range(0, 40).All(i => _seen.Has($"s{i % 8}", i / 8)), "all events", TimeSpan.FromSeconds(40));
        for (var i = 0; i < 8; i++)
            _seen.VersionsOf($"s{i}").Distinct().ShouldBe([0, 1, 2, 3, 4]);
    }
}
