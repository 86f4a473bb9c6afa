using ChangeFeed.EventStore;
using ChangeFeed.EventStore.Snapshots;
using ChangeFeed.MassTransit;
using MassTransit;
using Microsoft.Extensions.Logging;
using Orders.Domain;

namespace Orders.Hosting;

/// <summary>What every consumer that answers an event with the next one does alike.</summary>
public sealed class Reactor(CosmosEventStore store, StreamSnapshots<OrderState> snapshots, RecentStreams recent, ILogger<Reactor> logger)
{
    /// <summary>Appends, once, what is decided on the event being handled; in the name of the endpoint that handles it.</summary>
    /// <param name="context">The event.</param>
    /// <param name="decide">The decision, on the order as it stands. Called again, with a newer state, when another writer was faster.</param>
    /// <param name="readsStream">
    /// False to decide first on what the feed has told of the stream, where the event is fresh: it may be behind by a moment, which costs one more
    /// decision. True where what the decision does outside must not be done on a stream that has moved on, or cannot be done twice under one key.
    /// </param>
    public async Task ReactAsync(
        ConsumeContext context, Func<OrderState, CancellationToken, ValueTask<IReadOnlyList<object>>> decide, bool readsStream = false)
    {
        var (cause, delivery) = (context.Recorded(), context.Delivery());
        var known = delivery.IsFresh && !readsStream ? recent : null;
        var reaction = await store.ReactAsync(cause, delivery.Endpoint, snapshots, decide, known, context.CancellationToken);
        foreach (var e in reaction.Events)
            logger.LogInformation(
                "Order {StreamId}: {Type} at version {Version} after {Cause} at version {CauseVersion}{Again}",
                e.StreamId, e.Type, e.Version, cause.Type, cause.Version, reaction.AlreadyDone ? ", done before" : "");
        if (reaction.Events.Count == 0)
            logger.LogInformation(
                "Order {StreamId}: nothing to do after {Cause} at version {CauseVersion}", cause.StreamId, cause.Type, cause.Version);
    }
}
