using ChangeFeed.EventStore;

namespace ChangeFeed.Timers;

/// <summary>Lets a reaction return timers among its events.</summary>
public static class TimerReactions
{
    /// <summary>
    /// The decision without its timers, which are made and removed before its events are appended: killed in between, the reaction is made
    /// again, and finds the timer there. So a timer may stand for a decision that another writer prevented: it fires into a stream that has gone on.
    /// </summary>
    /// <typeparam name="TState">What is decided on: a state, or the events of the stream.</typeparam>
    /// <param name="decide">Returns events, <see cref="Schedule"/> and <see cref="CancelTimer"/>, in any order.</param>
    /// <param name="timers">Where timers are kept.</param>
    /// <param name="cause">The event being handled.</param>
    /// <param name="storedAt">When the store wrote it; null where that is not known.</param>
    public static Func<TState, CancellationToken, ValueTask<IReadOnlyList<object>>> WithTimers<TState>(
        this Func<TState, CancellationToken, ValueTask<IReadOnlyList<object>>> decide,
        TimerStore timers,
        RecordedEvent cause,
        DateTimeOffset? storedAt) => async (state, stop) =>
    {
        var decided = await decide(state, stop);
        foreach (var schedule in decided.OfType<Schedule>())
            await timers.ScheduleAsync(cause, storedAt, schedule, stop);
        foreach (var cancel in decided.OfType<CancelTimer>())
            await timers.CancelAsync(cause.StreamId, cancel, stop);
        return [.. decided.Where(e => e is not (Schedule or CancelTimer))];
    };
}
