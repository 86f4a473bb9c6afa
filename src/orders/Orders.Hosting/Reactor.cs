using ChangeFeed.EventStore;
using ChangeFeed.EventStore.Snapshots;
using ChangeFeed.MassTransit;
using ChangeFeed.Timers;
using MassTransit;
using Microsoft.Extensions.Logging;
using Orders.Domain;

namespace Orders.Hosting;

/// <summary>What every consumer that answers an event with the next one does alike.</summary>
/// <param name="store">The streams.</param>
/// <param name="snapshots">Where snapshots of long streams are.</param>
/// <param name="recent">Those known from the feed.</param>
/// <param name="logger">Is told what followed.</param>
/// <param name="timers">Where the service keeps timers; null where it has none.</param>
public sealed class Reactor(
    CosmosEventStore store, StreamSnapshots<OrderState> snapshots, RecentStreams recent, ILogger<Reactor> logger, TimerStore? timers = null)
{
    /// <summary>Appends, once, what is decided on the event being handled; in the name of the endpoint that handles it.</summary>
    /// <param name="context">The event.</param>
    /// <param name="decide">
    /// The decision, on the order as it stands: events, and where the service has timers <see cref="Schedule"/> and <see cref="CancelTimer"/>. Called
    /// again, with a newer state, when another writer was faster.
    /// </param>
    /// <param name="readsStream">
    /// False to decide first on what the feed has told of the stream, where the event is fresh: it may be behind by a moment, which costs one more
    /// decision. True where what the decision does outside must not be done on a stream that has moved on, or cannot be done twice under one key.
    /// </param>
    public async Task ReactAsync(
        ConsumeContext context, Func<OrderState, CancellationToken, ValueTask<IReadOnlyList<object>>> decide, bool readsStream = false)
    {
        var (cause, delivery) = (context.Recorded(), context.Delivery());
        var known = delivery.IsFresh && !readsStream ? recent : null;
        var timed = timers is null ? decide : decide.WithTimers(timers, cause, delivery.StoredAt);
        var reaction = await store.ReactAsync(cause, delivery.Endpoint, snapshots, timed, known, context.CancellationToken);
        foreach (var e in reaction.Events)
            logger.LogInformation(
                "Order {StreamId}: {Type} at version {Version} after {Cause} at version {CauseVersion}{Again}",
                e.StreamId, e.Type, e.Version, cause.Type, cause.Version, reaction.AlreadyDone ? ", done before" : "");
        if (reaction.Events.Count == 0)
            logger.LogInformation(
                "Order {StreamId}: nothing to do after {Cause} at version {CauseVersion}", cause.StreamId, cause.Type, cause.Version);
    }

    /// <summary>
    /// Makes and removes the timers that are decided on the event being handled, and appends nothing: so what is known of the stream will do,
    /// and where nothing is, it is read.
    /// </summary>
    /// <param name="context">The event.</param>
    /// <param name="decide">The decision, on the stream as far as it is known.</param>
    public async Task ScheduleAsync(ConsumeContext context, Func<IReadOnlyList<RecordedEvent>, IReadOnlyList<object>> decide)
    {
        var (cause, delivery) = (context.Recorded(), context.Delivery());
        var stream = recent.Find(cause.StreamId, cause.Version) ?? await store.ReadStreamAsync(cause.StreamId, context.CancellationToken);
        Func<IReadOnlyList<RecordedEvent>, CancellationToken, ValueTask<IReadOnlyList<object>>> timed = (known, _) => ValueTask.FromResult(decide(known));
        var kept = timers ?? throw new InvalidOperationException("The service has no timers: call AddOrderTimer.");
        await timed.WithTimers(kept, cause, delivery.StoredAt)(stream, context.CancellationToken);
    }
}
