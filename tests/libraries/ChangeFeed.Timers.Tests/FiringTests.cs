using System.Net;
using System.Text;
using ChangeFeed.Emulator.Testing;
using ChangeFeed.EventStore;
using ChangeFeed.MassTransit;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.Timers.Tests;

/// <summary>What fires and what follows; each step by hand.</summary>
public class FiringTests(TimerFixture fixture) : IClassFixture<TimerFixture>
{
    private static readonly TimeSpan Rounding = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task It_is_not_early_and_fires_when_it_is_due()
    {
        var seat = await fixture.ReserveAsync();
        fixture.Emulator.Advance(Tickets.Deadline - Rounding);
        await fixture.FireAsync();
        (await fixture.StreamAsync(seat)).Count.ShouldBe(1);

        fixture.Emulator.Advance(2 * Rounding);
        await fixture.FireAsync();

        var stream = await fixture.Streams().ReadStreamAsync(seat.StreamId, TestContext.Current.CancellationToken);
        stream[^1].Data.ShouldBe(new ReservationEnded("not paid"));
        (stream.Count, stream[^1].Meta.By, stream[^1].Meta.CausationId).ShouldBe((2, Tickets.Timer, seat.Meta.EventId));
        (await fixture.WaitingAsync(seat)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Scheduling_twice_is_one_timer_and_it_keeps_its_time()
    {
        var seat = await fixture.ReserveAsync();
        var due = (await fixture.WaitingAsync(seat)).ShouldHaveSingleItem().Due;
        fixture.Emulator.Advance(TimeSpan.FromMinutes(1));

        await fixture.Store().ScheduleAsync(seat, null, Tickets.Schedule, TestContext.Current.CancellationToken);

        (await fixture.WaitingAsync(seat)).ShouldBe([new WaitingTimer(Tickets.Timer, 0, due, nameof(ReservationEnded), null)]);
    }

    [Fact]
    public async Task A_timer_whose_stream_has_gone_on_fires_into_nothing()
    {
        var seat = await fixture.ReserveAsync();
        await fixture.AppendAsync(seat.StreamId, 0, new SeatPaid());
        fixture.Emulator.Advance(Tickets.Deadline + Rounding);

        await fixture.FireAsync();

        (await fixture.StreamAsync(seat)).Count.ShouldBe(2);
        (await fixture.WaitingAsync(seat)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_cancelled_timer_does_not_fire_and_cancelling_it_again_is_no_failure()
    {
        var seat = await fixture.ReserveAsync();
        for (var i = 0; i < 2; i++)
            await fixture.Store().CancelAsync(seat.StreamId, new CancelTimer(Tickets.Timer, 0), TestContext.Current.CancellationToken);
        fixture.Emulator.Advance(Tickets.Deadline + Rounding);

        await fixture.FireAsync();

        (await fixture.StreamAsync(seat)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Fired_by_many_at_once_it_has_one_effect()
    {
        var seats = new List<RecordedEvent>();
        for (var i = 0; i < 20; i++)
            seats.Add(await fixture.ReserveAsync());
        fixture.Emulator.Advance(Tickets.Deadline + Rounding);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => fixture.FireAsync()));

        foreach (var seat in seats)
            (await fixture.StreamAsync(seat)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Killed_between_append_and_removal_it_does_not_fire_twice()
    {
        var seat = await fixture.ReserveAsync();
        fixture.Emulator.Advance(Tickets.Deadline + Rounding);
        await fixture.Emulator.InjectFaultAsync(
            new RequestFault { Status = HttpStatusCode.Forbidden, Method = HttpMethod.Delete, Path = "/colls/timers" }, TestContext.Current.CancellationToken);
        await fixture.FireAsync();
        await fixture.Emulator.RemoveFaultsAsync(TestContext.Current.CancellationToken);
        ((await fixture.StreamAsync(seat)).Count, (await fixture.WaitingAsync(seat)).Count).ShouldBe((2, 1));

        await fixture.FireAsync();

        ((await fixture.StreamAsync(seat)).Count, (await fixture.WaitingAsync(seat)).Count).ShouldBe((2, 0));
    }

    [Fact]
    public async Task A_timer_made_again_after_it_fired_has_no_second_effect()
    {
        var seat = await fixture.ReserveAsync();
        fixture.Emulator.Advance(Tickets.Deadline + Rounding);
        await fixture.FireAsync();
        await fixture.Store().ScheduleAsync(seat, DateTimeOffset.UnixEpoch, Tickets.Schedule, TestContext.Current.CancellationToken);

        await fixture.FireAsync();

        (await fixture.StreamAsync(seat)).Count.ShouldBe(2);
        (await fixture.WaitingAsync(seat)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Garbage_is_put_off_with_its_reason_and_stands_in_nobodys_way()
    {
        var stream = Guid.NewGuid().ToString();
        var unknown = await fixture.ReserveAsync();
        foreach (var text in new[]
        {
            $$"""{"id":"1","streamId":"{{stream}}","name":"{{Tickets.Timer}}","next":1}""",
            $$"""{"id":"2","streamId":"{{stream}}","name":"{{Tickets.Timer}}","next":-1,"due":"yesterday"}""",
            Timer("3", causeVersion: 7, nameof(SeatPaid)),
            Timer("4", causeVersion: 0, "Unheard"),
        })
            await PutAsync(stream, text);
        var seat = await fixture.ReserveAsync();
        fixture.Emulator.Advance(Tickets.Deadline + Rounding);
        using var logs = new LogCollector();

        await fixture.FireAsync(fixture.Firing(logs.CreateLogger("timers")));

        foreach (var good in new[] { unknown, seat })
            (await fixture.StreamAsync(good)).Count.ShouldBe(2);
        var waiting = await fixture.Store().OfStreamAsync(stream, TestContext.Current.CancellationToken);
        waiting.Select(timer => timer.Error).ShouldBe(
            ["The event it was made for, version 7, is not in the stream.", "No event type 'Unheard' is registered."], ignoreOrder: true);
        logs.Lines.Count(IsFailure).ShouldBe(4);

        // Once more when their time has come, and not before.
        var (before, after) = (new LogCollector(), new LogCollector());
        await fixture.FireAsync(fixture.Firing(before.CreateLogger("timers")));
        fixture.Emulator.Advance(TimerFiring.PutOffFor + Rounding);
        await fixture.FireAsync(fixture.Firing(after.CreateLogger("timers")));
        (before.Lines.Count(IsFailure), after.Lines.Count(IsFailure)).ShouldBe((0, 4));

        string Timer(string id, int causeVersion, string type) => $$"""
            {"id":"{{id}}","streamId":"{{stream}}","name":"{{Tickets.Timer}}","next":2,"due":2,"causeVersion":{{causeVersion}},
             "causeId":"{{Guid.NewGuid()}}","type":"{{type}}","schema":1,"data":{ } }
            """;
    }

    [Fact]
    public async Task While_its_endpoint_is_paused_it_waits()
    {
        var controls = new ChangeFeedControls(fixture.Controls, TimeProvider.System);
        var seat = await fixture.ReserveAsync();
        fixture.Emulator.Advance(Tickets.Deadline + Rounding);
        await controls.PauseAsync("tickets", "test", "the bank is down", TestContext.Current.CancellationToken);
        await fixture.FireAsync();
        (await fixture.StreamAsync(seat)).Count.ShouldBe(1);

        await controls.ResumeAsync("tickets", "test", cancellationToken: TestContext.Current.CancellationToken);
        await fixture.FireAsync();

        (await fixture.StreamAsync(seat)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_reaction_returns_timers_among_its_events()
    {
        var seat = await fixture.AppendAsync(Guid.NewGuid().ToString(), CosmosEventStore.NoStream, new SeatReserved("A1"));
        Func<IReadOnlyList<RecordedEvent>, CancellationToken, ValueTask<IReadOnlyList<object>>> decide = (_, _) =>
            ValueTask.FromResult<IReadOnlyList<object>>([Tickets.Schedule with { FromNow = true }, new SeatPaid()]);
        Func<IReadOnlyList<RecordedEvent>, CancellationToken, ValueTask<IReadOnlyList<object>>> cancel = (_, _) =>
            ValueTask.FromResult<IReadOnlyList<object>>([new CancelTimer(Tickets.Timer, 0)]);

        (await decide.WithTimers(fixture.Store(), seat, null)([seat], TestContext.Current.CancellationToken)).ShouldBe([new SeatPaid()]);
        (await fixture.WaitingAsync(seat)).Count.ShouldBe(1);
        (await cancel.WithTimers(fixture.Store(), seat, null)([seat], TestContext.Current.CancellationToken)).ShouldBeEmpty();
        (await fixture.WaitingAsync(seat)).ShouldBeEmpty();
    }

    private static bool IsFailure(string line) => line.Contains("could not fire; tried again in 00:05:00", StringComparison.Ordinal);

    private async Task PutAsync(string stream, string text)
    {
        using var body = new MemoryStream(Encoding.UTF8.GetBytes(text));
        using var response = await fixture.Timers.CreateItemStreamAsync(
            body, new PartitionKey(stream), cancellationToken: TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
    }
}
