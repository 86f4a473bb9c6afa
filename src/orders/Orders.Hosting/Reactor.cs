using ChangeFeed.EventStore;
using ChangeFeed.MassTransit;
using MassTransit;
using Microsoft.Extensions.Logging;

namespace Orders.Hosting;

/// <summary>What every consumer that answers an event with the next one does alike.</summary>
public sealed class Reactor(CosmosEventStore store, ILogger<Reactor> logger)
{
    /// <summary>Appends, once, what is decided on the event being handled; in the name of the endpoint that handles it.</summary>
    public async Task ReactAsync(ConsumeContext context, Decide decide)
    {
        var cause = context.Recorded();
        var reaction = await store.ReactAsync(cause, context.Delivery().Endpoint, decide, context.CancellationToken);
        foreach (var e in reaction.Events)
            logger.LogInformation(
                "Order {StreamId}: {Type} at version {Version} after {Cause} at version {CauseVersion}{Again}",
                e.StreamId, e.Type, e.Version, cause.Type, cause.Version, reaction.AlreadyDone ? ", done before" : "");
        if (reaction.Events.Count == 0)
            logger.LogInformation(
                "Order {StreamId}: nothing to do after {Cause} at version {CauseVersion}", cause.StreamId, cause.Type, cause.Version);
    }
}
