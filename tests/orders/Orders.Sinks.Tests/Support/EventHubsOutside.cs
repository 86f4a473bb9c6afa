using System.Collections.Concurrent;
using ChangeFeed.EventStore;
using ChangeFeed.Sinks;
using ChangeFeed.Sinks.Testing;
using Microsoft.Azure.Amqp;
using Orders.Outward;

namespace Orders.Sinks.Tests.Support;

/// <summary>A listener that speaks the protocol of Event Hubs, and one who reads it.</summary>
internal sealed class EventHubsOutside : OrdersOutside<OutwardOrder>
{
    private readonly ConcurrentDictionary<string, Listener> _listeners = [];
    private readonly AmqpHub _hub;

    public EventHubsOutside()
        : base(new OutwardProjection(OutwardProjection.EventHubs))
    {
        _hub = new AmqpHub(Hear);
        _hub.Start();
    }

    public override object? Erase => null;

    public override Sink Define(Trouble trouble, SinkOptions options, int generation) => Sink.OfDocuments(
        new OutwardProjection(OutwardProjection.EventHubs),
        _ => trouble.Around(
            new EventHubsSink(new EventHubsOptions { ConnectionString = _hub.ConnectionString }.CreateProducer(generation)), document => document.Key),
        options,
        generation: generation);

    public override Task<IReadOnlyDictionary<string, string>> ReadAsync(int generation) =>
        Task.FromResult(Of(Sink.NameOf("order-events", generation)).Orders());

    public override IReadOnlyDictionary<string, string> Expected(IEnumerable<IReadOnlyList<RecordedEvent>> streams) => BusOutside.ToldOf(streams);

    public override Task TakeDownAsync()
    {
        _hub.Stop();
        return Task.CompletedTask;
    }

    public override Task BringBackAsync()
    {
        _hub.Start();
        return Task.CompletedTask;
    }

    public override ValueTask DisposeAsync() => _hub.DisposeAsync();

    private Listener Of(string hub) => _listeners.GetOrAdd(hub, _ => new Listener());

    private void Hear(string hub, AmqpMessage message)
    {
        var body = (ArraySegment<byte>)message.DataBody.Single().Value;
        message.Properties.ContentType.ToString().ShouldBe("application/cloudevents+json");
        // The order is what the hub chooses the partition by: of one key it keeps the order.
        message.MessageAnnotations.Map["x-opt-partition-key"].ShouldBe(System.Text.Json.JsonElement.Parse(body).GetProperty("subject").GetString());
        Of(hub).Hear(body);
    }
}
