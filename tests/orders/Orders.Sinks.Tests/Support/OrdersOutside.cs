using ChangeFeed.EventStore;
using ChangeFeed.Projections;
using ChangeFeed.Sinks.Testing;
using Orders.Contracts;
using Orders.Testing;

namespace Orders.Sinks.Tests.Support;

/// <summary>A sink of what a projection makes of orders.</summary>
internal abstract class OrdersOutside<TDocument>(IProjection<TDocument> projection) : SinkOutside
    where TDocument : class
{
    public override EventTypeMap Types => OrderEvents.Map;

    public override object? Erase { get; } = new PersonalDataErased(60);

    public override object Begin(int n) => OrderStream.Placed(country: n % 3 == 0 ? "DE" : "US", region: n % 3 == 0 ? null : "WA", sku: $"KB-{n:00}");

    public override object Continue(int version) => version switch
    {
        1 => OrderStream.Taxed(),
        2 => OrderStream.Captured(),
        3 => OrderStream.Shipped(),
        _ => new RefundRequested($"reason number {version}"),
    };

    public override IReadOnlyDictionary<string, string> Expected(IEnumerable<IReadOnlyList<RecordedEvent>> streams) => streams
        .Select(stream => stream.Aggregate(default(TDocument), projection.Apply))
        .OfType<TDocument>()
        .Where(document => !projection.Ends(document))
        .ToDictionary(projection.StreamOf, Text);

    protected string Text(TDocument document) => System.Text.Json.JsonSerializer.Serialize(document, projection.Json);

    /// <summary>The document of a stored text, as the projection would write it now.</summary>
    protected string Text(ReadOnlySpan<byte> stored) => Text(System.Text.Json.JsonSerializer.Deserialize(stored, projection.Json)!);
}
