using ChangeFeed.EventStore;

namespace ChangeFeed.Timers.Tests;

/// <summary>What docs/timers.md says that timers cost.</summary>
public class CostTests(TimerFixture fixture, ITestOutputHelper output) : IClassFixture<TimerFixture>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_timer_costs_what_is_written_about_it()
    {
        await fixture.FireAsync(); // the client knows the containers from here on
        var seats = new List<RecordedEvent>();
        for (var i = 0; i < 3; i++)
            seats.Add(await fixture.AppendAsync(Guid.NewGuid().ToString(), CosmosEventStore.NoStream, new SeatReserved("A1")));

        await CostsAsync("made", 6, () => ScheduleAsync(seats[0], false));
        await CostsAsync("made, with its companion", 11, () => ScheduleAsync(seats[1], true));
        await CostsAsync("removed", 6, () => fixture.Store().CancelAsync(seats[1].StreamId, new CancelTimer(Tickets.Timer, 0), Stop));
        await CostsAsync("removed, where there is none", 2, () => fixture.Store().CancelAsync(seats[2].StreamId, new CancelTimer(Tickets.Timer, 0), Stop));
        await CostsAsync("a turn with nothing due", 9, async () =>
        {
            var now = await fixture.Store().TakeTurnAsync(Tickets.Timer, TimeSpan.FromSeconds(30), Stop);
            await fixture.Firing().FireDueAsync(now!.Value, Stop);
        });
        await CostsAsync("no turn", 2, () => fixture.Store().TakeTurnAsync(Tickets.Timer, TimeSpan.FromSeconds(30), Stop));
        await fixture.Store().CancelAsync(seats[0].StreamId, new CancelTimer(Tickets.Timer, 0), Stop);
        await fixture.Store().ScheduleAsync(seats[0], DateTimeOffset.UnixEpoch, Tickets.Schedule, Stop);
        var then = await fixture.Store().NowAsync(Stop);
        await CostsAsync("fired, with its event", 20, () => fixture.Firing().FireDueAsync(then, Stop));
    }

    private Task ScheduleAsync(RecordedEvent cause, bool companion) =>
        fixture.Store(companion).ScheduleAsync(cause, DateTimeOffset.UtcNow, Tickets.Schedule, Stop);

    private async Task CostsAsync(string what, double most, Func<Task> work)
    {
        var cost = await fixture.Emulator.MeasureAsync(work, Stop);
        output.WriteLine($"{what}: {cost} RU");
        cost.ShouldBeLessThanOrEqualTo(most, what);
    }
}
