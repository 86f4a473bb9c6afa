using ChangeFeed.EventStore;
using MassTransit;
using ChangeFeed.MassTransit;
using Orders.Contracts;

namespace Orders.Views;

/// <summary>Brings a view up to every event: the view that the endpoint is named after.</summary>
public sealed class ApplyToView(LiveViews views) : IConsumer<RecordedEvent>
{
    public Task Consume(ConsumeContext<RecordedEvent> context) =>
        views.ApplyAsync(context.Delivery().Endpoint, context.Recorded(), context.CancellationToken);
}
