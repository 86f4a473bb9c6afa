using ChangeFeed.EventStore;

namespace ChangeFeed.Sinks.Writing;

/// <summary>Writes events to sinks, by the name of their endpoint.</summary>
public sealed class SinkWriters : IAsyncDisposable
{
    private readonly Dictionary<string, Lazy<IEventWriter>> _writers;

    private readonly IReadOnlyList<Sink> _sinks;

    internal SinkWriters(IReadOnlyList<Sink> sinks, IServiceProvider services)
    {
        _sinks = sinks;
        _writers = sinks.ToDictionary(sink => sink.Endpoint, sink => new Lazy<IEventWriter>(() => sink.CreateWriter(services)));
    }

    /// <summary>Returns when what the event makes of the outside is safe there.</summary>
    /// <param name="endpoint">The endpoint of the sink.</param>
    /// <param name="delivered">The event; those of its stream come one at a time and in order.</param>
    /// <param name="cancellationToken">Ends the wait; a write under way goes on.</param>
    public Task WriteAsync(string endpoint, DeliveredEvent delivered, CancellationToken cancellationToken) =>
        _writers[endpoint].Value.WriteAsync(delivered, cancellationToken);

    /// <summary>Returns when the sink shows nothing of a stream any more, where the event erases its person.</summary>
    /// <param name="erasureEndpoint">The endpoint of the sink's erasures.</param>
    /// <param name="e">Any event.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task EraseAsync(string erasureEndpoint, RecordedEvent e, CancellationToken cancellationToken)
    {
        var sink = _sinks.First(sink => sink.ErasureEndpoint == erasureEndpoint);
        return sink.ErasedBy!(e) ? _writers[sink.Endpoint].Value.EraseAsync(e, cancellationToken) : Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var writer in _writers.Values.Where(writer => writer.IsValueCreated))
            await writer.Value.DisposeAsync();
    }
}
