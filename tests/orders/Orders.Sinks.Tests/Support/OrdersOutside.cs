using ChangeFeed.EventStore;
using ChangeFeed.Projections;
using ChangeFeed.Sinks.Testing;
using Orders.Contracts;

namespace Orders.Sinks.Tests.Support;

/// <summary>A sink of what a projection makes of orders.</summary>
internal abstract class OrdersOutside<TDocument>(IProjection<TDocument> projection) : SinkOutside
    where TDocument : class
{
    public override EventTypeMap Types => OrderEvents.Map;

    public override object? Erase { get; } = new PersonalDataErased(60);

    public override object Begin(int n) => OrdersGiven.Begin(n);

    public override object Continue(int version) => OrdersGiven.Continue(version);

    public override IReadOnlyDictionary<string, string> Expected(IEnumerable<IReadOnlyList<RecordedEvent>> streams) => streams
        .Select(stream => stream.Aggregate(default(TDocument), projection.Apply))
        .OfType<TDocument>()
        .Where(document => !projection.Ends(document))
        .ToDictionary(projection.StreamOf, Text);

    protected string Text(TDocument document) => System.Text.Json.JsonSerializer.Serialize(document, projection.Json);

    /// <summary>The document of a stored text, as the projection would write it now.</summary>
    protected string Text(ReadOnlySpan<byte> stored) => Text(System.Text.Json.JsonSerializer.Deserialize(stored, projection.Json)!);
}
