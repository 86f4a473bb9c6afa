using ChangeFeed.MassTransit.Tests.Support;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace ChangeFeed.MassTransit.Tests.Rider;

/// <summary>What becomes of an event that fails.</summary>
public sealed class FailurePolicyTests : RiderTest
{
    [Fact]
    public async Task Retry_tries_again_and_then_succeeds()
    {
        _seen.FailFirst = 3;
        await using var rider = await StartAsync(e =>
        {
            e.AddConsumer<ThingConsumer>();
            e.Retry(r => r.Intervals(1, 1, 1));
        });

        _feed.Append(TestEvents.Document("a", 0, new ThingHappened(1)));

        await _seen.NextAsync();
        _seen.Attempts.ShouldBe(4);
    }

    [Fact]
    public async Task An_event_that_keeps_failing_is_parked_with_the_number_of_attempts_and_its_stream_waits_behind_it()
    {
        var parking = new InMemoryParking();
        _seen.Poison = e => e.StreamId == "bad";
        await using var rider = await StartAsync(
            e =>
            {
                e.AddConsumer<ThingConsumer>();
                e.Retry(r => r.Intervals(1, 1));
            },
            parking);

        _feed.Append(0, Things("bad", 2));
        _feed.Append(0, Things("good", 2));

        (await _seen.NextAsync()).StreamId.ShouldBe("good");
        (await _seen.NextAsync()).StreamId.ShouldBe("good");
        await Eventually.UntilAsync(_feed.IsCheckpointedToTheEnd, "the checkpoint");
        parking.Letters.ShouldBe([("bad", 0, "poison", 3), ("bad", 1, null, 0)]);
    }

    [Fact]
    public async Task While_the_outside_fails_nothing_is_parked_and_events_wait_until_it_is_back()
    {
        var parking = new InMemoryParking();
        var isDown = true;
        _seen.Poison = _ => isDown;
        await using var rider = await StartAsync(
            e =>
            {
                e.AddConsumer<ThingConsumer>();
                e.Retry(r => r.Immediate(5));
                e.OutsideFailure<InvalidOperationException>();
            },
            parking);

        _feed.Append(0, Things("a", 2));
        await Eventually.UntilAsync(() => _seen.Attempts >= 2, "two deliveries that fail");
        parking.Letters.ShouldBeEmpty();
        _feed.IsCheckpointedToTheEnd().ShouldBeFalse();
        isDown = false;

        (await _seen.NextAsync()).Version.ShouldBe(0);
        (await _seen.NextAsync()).Version.ShouldBe(1);
        await Eventually.UntilAsync(_feed.IsCheckpointedToTheEnd, "the checkpoint");
        parking.Letters.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_consumer_that_hangs_is_ended_when_its_time_is_over_and_the_event_has_failed()
    {
        var parking = new InMemoryParking();
        (_seen.Hold, _seen.HoldOnly) = (new TaskCompletionSource(), "hangs");
        await using var rider = await StartAsync(
            e =>
            {
                e.AddConsumer<ThingConsumer>();
                e.HandlingTimeout = TimeSpan.FromMilliseconds(300);
            },
            parking);

        _feed.Append(0, Things("hangs", 1));
        _feed.Append(0, Things("good", 1));

        (await _seen.NextAsync()).StreamId.ShouldBe("good");
        await Eventually.UntilAsync(_feed.IsCheckpointedToTheEnd, "the checkpoint");
        parking.Letters.ShouldBe([("hangs", 0, "The event was not handled within 00:00:00.3000000, as HandlingTimeout of the endpoint says.", 1)]);
        _seen.Cancelled.ShouldBe(1);
    }

    [Fact]
    public async Task An_endpoint_whose_consumer_does_not_even_heed_its_token_says_that_it_is_stuck_until_that_ends()
    {
        (_seen.Hold, _seen.HoldOnly, _seen.HoldsWhateverHappens) = (new TaskCompletionSource(), "hangs", true);
        await using var rider = await StartAsync(e =>
        {
            e.AddConsumer<ThingConsumer>();
            e.HandlingTimeout = TimeSpan.FromMilliseconds(300);
        });
        var health = rider.Host.Services.GetRequiredService<HealthCheckService>();

        _feed.Append(0, Things("hangs", 1));

        await Eventually.UntilAsync(() => rider.Endpoint.State.BlockedOn.Count == 1, "the endpoint to say that it is stuck");
        var report = await health.CheckHealthAsync(TestContext.Current.CancellationToken);
        report.Status.ShouldBe(HealthStatus.Unhealthy);
        report.Entries.Values.ShouldContain(entry => entry.Description!.Contains("test: blocked on event 0 of stream hangs"));
        rider.Endpoint.State.BlockedOn.Single().Error.ShouldContain("HandlingTimeout");
        _seen.Hold.SetResult();
        await Eventually.UntilAsync(() => rider.Endpoint.State.BlockedOn.Count == 0, "the endpoint to be free");
        (await _seen.NextAsync()).StreamId.ShouldBe("hangs");
    }

    [Fact]
    public async Task An_event_that_fails_for_good_is_parked_at_the_first_attempt()
    {
        var parking = new InMemoryParking();
        _seen.Poison = e => e.StreamId == "bad";
        await using var rider = await StartAsync(
            e =>
            {
                e.AddConsumer<ThingConsumer>();
                e.Retry(r => r.Intervals(1, 1));
                e.PermanentFailure<InvalidOperationException>();
            },
            parking);

        _feed.Append(0, Things("bad", 1));

        await Eventually.UntilAsync(_feed.IsCheckpointedToTheEnd, "the checkpoint");
        parking.Letters.ShouldBe([("bad", 0, "poison", 1)]);
        _seen.Attempts.ShouldBe(1);
    }

    [Fact]
    public async Task Forty_events_that_fail_for_good_neither_trip_the_kill_switch_nor_stop_the_others()
    {
        var parking = new InMemoryParking();
        _seen.Poison = e => e.StreamId.StartsWith("bad");
        await using var rider = await StartAsync(
            e =>
            {
                e.AddConsumer<ThingConsumer>();
                e.PermanentFailure<InvalidOperationException>();
            },
            parking);

        for (var i = 0; i < 40; i++)
            _feed.Append(i % 4, Things($"bad{i}", 1));
        _feed.Append(0, Things("good", 1));

        (await _seen.NextAsync()).StreamId.ShouldBe("good");
        await Eventually.UntilAsync(_feed.IsCheckpointedToTheEnd, "the checkpoint");
        parking.Letters.Count.ShouldBe(40);
        rider.Log.Lines.ShouldNotContain(line => line.Text.Contains("kill switch"));
    }

    [Fact]
    public async Task Events_that_always_fail_are_parked_as_they_fail_their_probes_and_the_switch_recovers()
    {
        var parking = new InMemoryParking();
        _seen.Poison = e => e.StreamId.StartsWith("bad");
        await using var rider = await StartAsync(
            e =>
            {
                e.AddConsumer<ThingConsumer>();
                e.Retry(r => r.None());
                e.KillSwitch = new KillSwitchSettings(0.5, 5, TimeSpan.FromMinutes(1), TimeSpan.FromMilliseconds(20));
            },
            parking);

        for (var i = 0; i < 40; i++)
            _feed.Append(i % 4, Things($"bad{i}", 1));
        await Eventually.UntilAsync(_feed.IsCheckpointedToTheEnd, "all are parked");
        _feed.Append(0, Things("good", 1));

        (await _seen.NextAsync()).StreamId.ShouldBe("good");
        await Eventually.UntilAsync(() => rider.Endpoint.Gate.State == KillSwitchState.Closed, "it is closed");
        parking.Letters.Count.ShouldBe(40);
        rider.Log.Lines.Count(line => line.Text.Contains("kill switch tripped")).ShouldBeGreaterThan(1);
    }

    [Fact]
    public async Task With_skip_the_later_events_of_the_stream_go_on()
    {
        var parking = new InMemoryParking();
        _seen.Poison = e => e.Version == 0;
        await using var rider = await StartAsync(
            e =>
            {
                e.AddConsumer<ThingConsumer>();
                e.Retry(r => r.None());
                e.OnFailure = FailurePolicy.Skip;
            },
            parking);

        _feed.Append(0, Things("bad", 2));

        (await _seen.NextAsync()).Version.ShouldBe(1);
        parking.Letters.ShouldBe([("bad", 0, "poison", 1)]);
    }

    [Fact]
    public async Task With_block_nothing_passes_the_event_until_it_succeeds()
    {
        _seen.Poison = e => e.StreamId == "bad" && !_seen.Repaired;
        await using var rider = await StartAsync(e =>
        {
            e.AddConsumer<ThingConsumer>();
            e.Retry(r => r.None());
            e.OnFailure = FailurePolicy.Block;
        });

        _feed.Append(0, Things("bad", 2));
        _feed.Append(0, Things("good", 1));

        (await _seen.NextAsync()).StreamId.ShouldBe("good");
        await Eventually.UntilAsync(() => rider.Log.Lines.Any(l => l.Level == LogLevel.Error && l.Text.Contains("blocked on event bad/0")), "it says so");
        _feed.CheckpointOf(0).ShouldBe(0);

        _seen.Repaired = true;
        (await _seen.NextAsync()).Version.ShouldBe(0);
        (await _seen.NextAsync()).Version.ShouldBe(1);
        await Eventually.UntilAsync(_feed.IsCheckpointedToTheEnd, "the checkpoint");
    }

    [Theory]
    [InlineData("""{"streamId":"bad","version":0,"type":"ThingHappened","schema":1,"data":{"wrong":true},"meta":{"eventId":"6b0f6f0e-6a0b-4f0a-9c37-111111111111","at":"2026-01-01T00:00:00Z","by":"t","correlationId":"c"}}""")]
    [InlineData("""{"streamId":"bad","version":0,"type":"ThingHappened","schema":9,"data":{"number":1},"meta":{"eventId":"6b0f6f0e-6a0b-4f0a-9c37-111111111111","at":"2026-01-01T00:00:00Z","by":"t","correlationId":"c"}}""")]
    [InlineData("""{"streamId":"bad","version":0,"type":"ThingHappened","schema":1,"data":{"number":1},"meta":7}""")]
    [InlineData("""{"id":"x","_rid":"abc","hello":"world"}""")]
    [InlineData("""[1,2]""")]
    public async Task A_document_that_is_no_valid_event_is_parked_at_once_and_stops_nobody(string garbage)
    {
        var parking = new InMemoryParking();
        await using var rider = await StartAsync(e => e.AddConsumer<ThingConsumer>(), parking);

        _feed.Append(0, TestEvents.Parse(garbage));
        _feed.Append(0, Things("good", 1));

        (await _seen.NextAsync()).StreamId.ShouldBe("good");
        await Eventually.UntilAsync(_feed.IsCheckpointedToTheEnd, "the checkpoint");
        parking.Letters.Single().Attempts.ShouldBe(1);
    }
}
