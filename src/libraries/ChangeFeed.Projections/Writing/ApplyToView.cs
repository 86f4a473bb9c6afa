using ChangeFeed.EventStore;
using ChangeFeed.MassTransit;
using MassTransit;

namespace ChangeFeed.Projections.Writing;

/// <summary>Brings a view up to every event: the view that the endpoint is named after.</summary>
public sealed class ApplyToView(LiveViews views) : IConsumer<RecordedEvent>
{
    /// <inheritdoc/>
    public Task Consume(ConsumeContext<RecordedEvent> context) =>
        views.ApplyAsync(context.Delivery().Endpoint, context.Recorded(), context.Delivery().Ahead, context.CancellationToken);
}
