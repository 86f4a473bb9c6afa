using ChangeFeed.EventStore;

namespace ChangeFeed.Sinks.Writing;

/// <summary>Brings one sink up to an event.</summary>
internal interface IEventWriter : IAsyncDisposable
{
    Task WriteAsync(DeliveredEvent delivered, CancellationToken cancellationToken);

    /// <summary>Takes out what there is of the stream of an event, whatever came before it.</summary>
    Task EraseAsync(RecordedEvent e, CancellationToken cancellationToken);
}

/// <summary>Writes what an event makes of the document of its stream.</summary>
internal sealed class DocumentWriter<TDocument>(FoldedDocuments<TDocument> documents, Batcher<SinkDocument<TDocument>> batcher) : IEventWriter
    where TDocument : class
{
    public async Task WriteAsync(DeliveredEvent delivered, CancellationToken cancellationToken)
    {
        if (await documents.AtAsync(delivered.Event, cancellationToken) is { } document)
            await batcher.WriteAsync(document.Key, document, cancellationToken);
    }

    public Task EraseAsync(RecordedEvent e, CancellationToken cancellationToken) =>
        batcher.WriteAsync(e.StreamId, new SinkDocument<TDocument>(e.StreamId, e.Version, null), cancellationToken);

    public ValueTask DisposeAsync() => batcher.DisposeAsync();
}

/// <summary>Writes the event itself.</summary>
/// <param name="batcher">Gathers.</param>
/// <param name="itemOf">What is written of a delivery.</param>
internal sealed class EventWriter<TItem>(Batcher<TItem> batcher, Func<DeliveredEvent, TItem> itemOf) : IEventWriter
{
    public Task WriteAsync(DeliveredEvent delivered, CancellationToken cancellationToken) =>
        batcher.WriteAsync(delivered.Event.StreamId, itemOf(delivered), cancellationToken);

    // Events carry what is personal sealed, and are erased with the key.
    public Task EraseAsync(RecordedEvent e, CancellationToken cancellationToken) => Task.CompletedTask;

    public ValueTask DisposeAsync() => batcher.DisposeAsync();
}
