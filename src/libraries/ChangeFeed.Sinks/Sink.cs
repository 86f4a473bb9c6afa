using ChangeFeed.EventStore;
using ChangeFeed.Projections;
using ChangeFeed.Sinks.Writing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ChangeFeed.Sinks;

/// <summary>A sink as the machinery sees it: an endpoint of the change feed and what it writes.</summary>
public abstract class Sink
{
    private protected Sink(string name, int generation, SinkOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(generation, 1);
        (Endpoint, Options) = (NameOf(name, generation), options);
        if (options.Validate(name).ToList() is { Count: > 0 } problems)
            throw new ArgumentException(string.Join(" ", problems), nameof(options));
    }

    /// <summary>Its endpoint on the change feed, and with a colon behind it the prefix of its leases.</summary>
    public string Endpoint { get; }

    /// <summary>The endpoint that takes erased persons out of it, also where their streams are parked; null where it knows of none.</summary>
    public string? ErasureEndpoint => ErasedBy is null ? null : $"{Endpoint}-erasure";

    /// <summary>How it writes.</summary>
    public SinkOptions Options { get; }

    /// <summary>
    /// A sink of documents: what a projection makes of each stream. A document that <see cref="IProjection{TDocument}.Ends"/> is taken out of
    /// the outside at once, with what it says of a person.
    /// </summary>
    /// <param name="projection">What events make of a document; its name is that of the endpoint.</param>
    /// <param name="create">Makes what writes, once.</param>
    /// <param name="options">How it writes; null for the defaults.</param>
    /// <param name="erasedBy">
    /// Which event says that a person was erased: the document of its stream is taken out even where the stream is parked, by an endpoint of
    /// its own, <see cref="ErasureEndpoint"/>. Null where documents say nothing of persons.
    /// </param>
    /// <param name="generation">
    /// 1 for the first. A later one begins at the first event there is, beside the earlier, and <paramref name="create"/> gives it an outside
    /// of its own: that is how an outside is rebuilt.
    /// </param>
    public static Sink OfDocuments<TDocument>(
        IProjection<TDocument> projection,
        Func<IServiceProvider, ISink<SinkDocument<TDocument>>> create,
        SinkOptions? options = null,
        Func<RecordedEvent, bool>? erasedBy = null,
        int generation = 1)
        where TDocument : class => new DocumentSink<TDocument>(projection, create, options ?? new SinkOptions(), generation) { ErasedBy = erasedBy };

    /// <summary>A sink of the events themselves.</summary>
    /// <param name="name">Name of the endpoint.</param>
    /// <param name="create">Makes what writes, once.</param>
    /// <param name="options">How it writes; null for the defaults.</param>
    /// <param name="generation">See <see cref="OfDocuments{TDocument}"/>.</param>
    public static Sink OfEvents(string name, Func<IServiceProvider, ISink<RecordedEvent>> create, SinkOptions? options = null, int generation = 1) =>
        new EventSink<RecordedEvent>(name, create, delivered => delivered.Event, options ?? new SinkOptions(), generation);

    /// <summary>A sink of the events themselves, with the place of the feed each came from.</summary>
    /// <param name="name">Name of the endpoint.</param>
    /// <param name="create">Makes what writes, once.</param>
    /// <param name="options">How it writes; null for the defaults.</param>
    /// <param name="generation">See <see cref="OfDocuments{TDocument}"/>.</param>
    public static Sink OfDeliveries(string name, Func<IServiceProvider, ISink<DeliveredEvent>> create, SinkOptions? options = null, int generation = 1) =>
        new EventSink<DeliveredEvent>(name, create, delivered => delivered, options ?? new SinkOptions(), generation);

    /// <summary>The endpoint of a generation: the first has the sink's name.</summary>
    /// <param name="name">The sink.</param>
    /// <param name="generation">From 1.</param>
    public static string NameOf(string name, int generation) => generation == 1 ? name : FormattableString.Invariant($"{name}-v{generation}");

    internal Func<RecordedEvent, bool>? ErasedBy { get; private init; }

    internal abstract IEventWriter CreateWriter(IServiceProvider services);

    private protected Batcher<TItem> Batcher<TItem>(ISink<TItem> sink, IServiceProvider services) => new(
        Endpoint, sink, Options, services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ILoggerFactory>().CreateLogger<Sink>());

    private sealed class DocumentSink<TDocument>(
        IProjection<TDocument> projection, Func<IServiceProvider, ISink<SinkDocument<TDocument>>> create, SinkOptions options, int generation)
        : Sink(projection.Name, generation, options)
        where TDocument : class
    {
        internal override IEventWriter CreateWriter(IServiceProvider services)
        {
            var store = services.GetRequiredService<CosmosEventStore>();
            return new DocumentWriter<TDocument>(
                new FoldedDocuments<TDocument>(projection, (stream, from, to, stop) => store.ReadAsync(stream, from, to, stop)),
                Batcher(create(services), services));
        }
    }

    private sealed class EventSink<TItem>(
        string name, Func<IServiceProvider, ISink<TItem>> create, Func<DeliveredEvent, TItem> itemOf, SinkOptions options, int generation)
        : Sink(name, generation, options)
    {
        internal override IEventWriter CreateWriter(IServiceProvider services) => new EventWriter<TItem>(Batcher(create(services), services), itemOf);
    }
}
