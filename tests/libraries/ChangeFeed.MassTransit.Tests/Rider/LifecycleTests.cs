using ChangeFeed.MassTransit.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace ChangeFeed.MassTransit.Tests.Rider;

/// <summary>Starting, stopping, and how far a partition is read ahead.</summary>
public sealed class LifecycleTests : RiderTest
{
    [Fact]
    public async Task The_endpoint_starts_with_back_off_while_the_store_is_not_there_and_health_follows()
    {
        var failures = 2;
        await using var rider = await StartAsync(
            e => e.AddConsumer<ThingConsumer>(),
            source: () => new InMemorySource(_feed) { Starting = () => failures-- > 0 ? throw new TimeoutException("no store") : Task.CompletedTask });
        var health = rider.Host.Services.GetRequiredService<HealthCheckService>();

        (await health.CheckHealthAsync(TestContext.Current.CancellationToken)).Status.ShouldBe(HealthStatus.Unhealthy);
        _feed.Append(TestEvents.Document("a", 0, new ThingHappened(1)));
        await _seen.NextAsync();
        (await health.CheckHealthAsync(TestContext.Current.CancellationToken)).Status.ShouldBe(HealthStatus.Healthy);
        rider.Log.Lines.Count(l => l.Level == LogLevel.Warning && l.Text.Contains("could not be started")).ShouldBe(2);
    }

    [Fact]
    public async Task Stopping_waits_for_the_event_being_handled_and_checkpoints_only_what_is_finished()
    {
        var rider = await StartAsync(e =>
        {
            e.AddConsumer<ThingConsumer>();
            e.ConcurrentStreams = 1;
        });
        _seen.Hold = new TaskCompletionSource();
        _feed.Append(0, TestEvents.Document("a", 0, new ThingHappened(0)));
        await Eventually.UntilAsync(() => _seen.Attempts == 1, "the first is being handled");
        _feed.Append(0, TestEvents.Document("b", 0, new ThingHappened(1)));

        var stopping = rider.StopAsync();
        _seen.Hold.SetResult();
        await stopping;

        _seen.Count.ShouldBeGreaterThan(0);
        _feed.CheckpointOf(0).ShouldBe(_seen.Count);
        await rider.DisposeAsync();
    }

    [Fact]
    public async Task A_handler_that_hangs_is_told_at_the_deadline_and_its_event_comes_again_after_the_restart()
    {
        var rider = await StartAsync(e => e.AddConsumer<ThingConsumer>());
        _seen.Hold = new TaskCompletionSource();
        _feed.Append(0, TestEvents.Document("a", 0, new ThingHappened(0)));
        await Eventually.UntilAsync(() => _seen.Attempts == 1, "it is being handled");

        await rider.StopAsync().WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        await Eventually.UntilAsync(() => _seen.Cancelled == 1, "it is told");
        _feed.CheckpointOf(0).ShouldBe(0);
        await rider.DisposeAsync();

        _seen.Hold = null;
        await using var again = await StartAsync(e => e.AddConsumer<ThingConsumer>());
        (await _seen.NextAsync()).StreamId.ShouldBe("a");
    }

    [Fact]
    public async Task A_partition_is_not_read_further_beyond_an_unfinished_event_than_allowed()
    {
        await using var rider = await StartAsync(e =>
        {
            e.AddConsumer<ThingConsumer>();
            e.MaxInFlight = 30;
        });
        _seen.Hold = new TaskCompletionSource();
        _seen.HoldOnly = "slow";
        _feed.Append(0, Things("slow", 1));
        for (var i = 0; i < 100; i++)
            _feed.Append(0, Things($"s{i}", 1));

        await Eventually.UntilAsync(() => _seen.Count >= 20 && rider.Endpoint.Engine.Find("0")!.InFlight == 1, "others overtake");
        var overtaken = _seen.Count;
        overtaken.ShouldBeLessThanOrEqualTo(40); // pages of 10: one more than fits
        _feed.CheckpointOf(0).ShouldBe(0);

        _seen.Hold.SetResult();
        await Eventually.UntilAsync(() => _seen.Count == 101 && _feed.IsCheckpointedToTheEnd(), "all");
    }
}
