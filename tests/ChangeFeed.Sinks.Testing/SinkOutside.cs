using ChangeFeed.EventStore;

namespace ChangeFeed.Sinks.Testing;

/// <summary>A sink and its outside, as the suite needs to know them.</summary>
public abstract class SinkOutside : IAsyncDisposable
{
    /// <summary>The vocabulary of the events.</summary>
    public abstract EventTypeMap Types { get; }

    /// <summary>The first event of a stream.</summary>
    /// <param name="n">Which stream.</param>
    public abstract object Begin(int n);

    /// <summary>A later event of a stream, that changes what is outside.</summary>
    /// <param name="version">Its version, from 1.</param>
    public abstract object Continue(int version);

    /// <summary>The event after which nothing personal of a stream may be outside; null where events erase nobody.</summary>
    public abstract object? Erase { get; }

    /// <summary>The sink.</summary>
    /// <param name="trouble">Between the machinery and the sink.</param>
    /// <param name="options">How it writes.</param>
    /// <param name="generation">Which outside.</param>
    public abstract Sink Define(Trouble trouble, SinkOptions options, int generation = 1);

    /// <summary>All that is outside: a text for each key.</summary>
    public abstract Task<IReadOnlyDictionary<string, string>> ReadAsync(int generation = 1);

    /// <summary>All that should be, by folding streams.</summary>
    public abstract IReadOnlyDictionary<string, string> Expected(IEnumerable<IReadOnlyList<RecordedEvent>> streams);

    /// <summary>Takes the outside away; what is there stays.</summary>
    public abstract Task TakeDownAsync();

    /// <summary>Brings it back.</summary>
    public abstract Task BringBackAsync();

    public abstract ValueTask DisposeAsync();
}
