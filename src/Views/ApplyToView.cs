using MassTransit;
using OrderPipeline.ChangeFeed;
using OrderPipeline.Contracts;

namespace OrderPipeline.Views;

/// <summary>Brings a view up to every event.</summary>
public sealed class ApplyToView<TDocument>(ViewWriter<TDocument> writer) : IConsumer<RecordedEvent>
    where TDocument : class
{
    public Task Consume(ConsumeContext<RecordedEvent> context) => writer.ApplyAsync(context.Recorded(), context.CancellationToken);
}
