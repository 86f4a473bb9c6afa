using ChangeFeed.EventStore;
using Microsoft.Extensions.Time.Testing;

namespace ChangeFeed.Timers.Tests;

/// <summary>When timers fire in running instances, by either mechanism: the clock of the store decides, and no other.</summary>
public class ClockTests
{
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Hours = TimeSpan.FromHours(5);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_instance_whose_clock_is_hours_ahead_or_behind_fires_neither_early_nor_late(bool observesExpiry)
    {
        await using var fixture = await StartAsync();
        foreach (var skew in new[] { Hours, -Hours })
        {
            var clock = new FakeTimeProvider(DateTimeOffset.UtcNow + skew) { AutoAdvanceAmount = TimeSpan.FromMilliseconds(1) };
            var seat = await fixture.ReserveAsync(observesExpiry, clock);
            var sooner = await fixture.ReserveAsync(observesExpiry, clock, Tickets.Deadline - 2 * Margin);
            using var host = await fixture.StartInstanceAsync(clock, observesExpiry, observesExpiry ? TimeSpan.FromHours(1) : null);

            // When the one that is due has fired, the other one was looked at too.
            fixture.Emulator.Advance(Tickets.Deadline - Margin);
            await FiresAsync(fixture, sooner, clock);
            (await fixture.StreamAsync(seat)).Count.ShouldBe(1);
            fixture.Emulator.Advance(2 * Margin);
            await FiresAsync(fixture, seat, clock);
            await host.StopAsync(TestContext.Current.CancellationToken);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_became_due_while_nothing_ran_fires_as_soon_as_an_instance_runs(bool observesExpiry)
    {
        await using var fixture = await StartAsync();
        var seats = new List<RecordedEvent>();
        for (var i = 0; i < 30; i++)
            seats.Add(await fixture.ReserveAsync(observesExpiry));
        // Longer than the feed of versions and deletes reaches back: whoever relied on it alone would never fire.
        fixture.Emulator.Advance(TimeSpan.FromDays(3));
        // The clock of the instance stands still: it fires with its first turn.
        using var host = await fixture.StartInstanceAsync(new FakeTimeProvider(), observesExpiry);

        foreach (var seat in seats)
            await Eventually.UntilAsync(async () => (await fixture.StreamAsync(seat)).Count == 2);
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task By_real_clocks_two_instances_fire_each_timer_once(bool observesExpiry)
    {
        await using var fixture = await StartAsync();
        using var one = await fixture.StartInstanceAsync(observesExpiry: observesExpiry);
        using var other = await fixture.StartInstanceAsync(observesExpiry: observesExpiry);
        var seat = await fixture.AppendAsync(Guid.NewGuid().ToString(), CosmosEventStore.NoStream, new SeatReserved("A1"));
        var soon = Tickets.Schedule with { After = TimeSpan.FromSeconds(2), FromNow = true };
        await fixture.Store(observesExpiry).ScheduleAsync(seat, null, soon, TestContext.Current.CancellationToken);
        var due = (await fixture.WaitingAsync(seat)).ShouldHaveSingleItem().Due;

        await Eventually.UntilAsync(async () => (await fixture.WaitingAsync(seat)).Count == 0, deadline: TimeSpan.FromSeconds(30));

        var stream = await fixture.Streams().ReadStreamAsync(seat.StreamId, TestContext.Current.CancellationToken);
        stream.Count.ShouldBe(2);
        stream[1].Meta.At.ShouldBeGreaterThanOrEqualTo(due); // one machine, one clock
        foreach (var host in new[] { one, other })
            await host.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task An_expiry_fires_long_before_the_next_turn()
    {
        await using var fixture = await StartAsync();
        using var host = await fixture.StartInstanceAsync(observesExpiry: true, pollInterval: TimeSpan.FromHours(1));
        // Its first turn is over, so the next is in an hour.
        await Eventually.UntilAsync(async () => await fixture.Store().TakeTurnAsync(Tickets.Timer, TimeSpan.FromHours(1), default) is null);
        var seat = await fixture.ReserveAsync(observesExpiry: true);
        fixture.Emulator.Advance(Tickets.Deadline + Margin);

        await Eventually.UntilAsync(async () => (await fixture.StreamAsync(seat)).Count == 2);
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Where_the_store_keeps_no_versions_expiry_is_not_seen_and_polling_does_it_and_that_is_said()
    {
        await using var fixture = await StartAsync(keepsVersions: false);
        using var logs = new LogCollector();
        using var host = await fixture.StartInstanceAsync(observesExpiry: true, logs: logs);
        var seat = await fixture.ReserveAsync(observesExpiry: true);
        fixture.Emulator.Advance(Tickets.Deadline + Margin);

        await Eventually.UntilAsync(async () => (await fixture.StreamAsync(seat)).Count == 2);
        await Eventually.UntilAsync(
            () => logs.Lines.Any(line => line.StartsWith("Timers:ObserveExpiry is set, and the store shows no versions", StringComparison.Ordinal)));
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task One_instance_of_all_has_the_turn_and_the_next_one_has_it_after_the_interval()
    {
        await using var fixture = await StartAsync();
        var (interval, stop) = (TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        var turns = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => fixture.Store().TakeTurnAsync("a", interval, stop)));
        turns.Count(turn => turn is not null).ShouldBe(1);

        fixture.Emulator.Advance(interval); // whoever had it was killed

        (await fixture.Store().TakeTurnAsync("a", interval, stop)).ShouldNotBeNull();
    }

    private static async Task<TimerFixture> StartAsync(bool keepsVersions = true)
    {
        var fixture = new TimerFixture { KeepsVersions = keepsVersions };
        await fixture.InitializeAsync();
        return fixture;
    }

    private static Task FiresAsync(TimerFixture fixture, RecordedEvent seat, FakeTimeProvider clock) => Eventually.UntilAsync(async () =>
    {
        clock.Advance(TimeSpan.FromSeconds(1));
        return (await fixture.StreamAsync(seat)).Count == 2;
    });
}
