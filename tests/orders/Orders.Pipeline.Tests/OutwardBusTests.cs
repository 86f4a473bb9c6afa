using System.Collections.Concurrent;
using System.Text.Json;
using ChangeFeed.EventStore;
using ChangeFeed.MassTransit;
using Orders.Contracts;
using Orders.Outward;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Orders.Pipeline.Tests;

/// <summary>What others are told by a real broker, while it and the process that tells them are killed.</summary>
public sealed class OutwardBusTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_drops_repeats_is_told_everything_once_and_in_the_order_of_each_order_whatever_is_killed()
    {
        Assert.SkipUnless(RabbitBroker.IsInstalled, "There is no rabbitmq-server; .ci/run installs it.");
        await using var broker = new RabbitBroker();
        await broker.InitializeAsync();
        await using var connection = await new ConnectionFactory { Uri = new Uri(broker.Address) }.CreateConnectionAsync(Stop);
        var heard = await ListenAsync(connection);
        await using var pipeline = await RunningPipeline.StartWithQuickLeasesAsync(null, "--sinks", "bus", "--ConnectionStrings:bus", broker.Address);

        await UnderLoad.RunAsync(pipeline, async (_, random) =>
        {
            await pipeline.KillAndStartAsync("bus-sink", random);
            await broker.KillAsync();
            await broker.StartAsync();
            await pipeline.KillAndStartAsync("bus-sink", random);
        });

        await Eventually.GetAsync(
            async () => (Heard: Lines(heard), Told: await ToldAsync(pipeline)), lines => lines.Heard.SequenceEqual(lines.Told), UnderLoad.Settling);
    }

    /// <summary>What comes is kept in the order in which it came, each id once.</summary>
    private static async Task<ConcurrentQueue<(string Order, string Line)>> ListenAsync(IConnection connection)
    {
        var (heard, seen) = (new ConcurrentQueue<(string, string)>(), new HashSet<string>());
        var channel = await connection.CreateChannelAsync(cancellationToken: Stop);
        await channel.ExchangeDeclareAsync("order-events", ExchangeType.Topic, durable: true, cancellationToken: Stop);
        await channel.QueueDeclareAsync("listener", durable: true, exclusive: false, autoDelete: false, cancellationToken: Stop);
        await channel.QueueBindAsync("listener", "order-events", "example.order-pipeline.order.#", cancellationToken: Stop);
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += async (_, delivery) =>
        {
            var told = JsonElement.Parse(delivery.Body.Span);
            var order = told.GetProperty("subject").GetString()!;
            if (seen.Add(told.GetProperty("id").GetString()!))
                heard.Enqueue((order, $"{order} {told.GetProperty("sequence")} {told.GetProperty("type")}"));
            await channel.BasicAckAsync(delivery.DeliveryTag, multiple: false);
        };
        await channel.BasicConsumeAsync("listener", autoAck: false, consumer, Stop);
        return heard;
    }

    // Each order in the order in which it came; of two orders none comes first.
    private static List<string> Lines(IEnumerable<(string Order, string Line)> heard) =>
        [.. heard.GroupBy(line => line.Order).OrderBy(order => order.Key, StringComparer.Ordinal).SelectMany(order => order.Select(line => line.Line))];

    private static async Task<List<string>> ToldAsync(RunningPipeline pipeline)
    {
        using var client = pipeline.CreateCosmosClient();
        var events = new List<RecordedEvent>();
        await foreach (var page in new ChangeFeedReader(client.GetContainer("orders", "events"), OrderEvents.Map).ReadAsync(cancellationToken: Stop))
            events.AddRange(page.Events);
        var (projection, told) = (new OutwardProjection(OutwardProjection.Bus), new List<(string, string)>());
        foreach (var stream in events.GroupBy(e => e.StreamId))
        {
            var order = default(OutwardOrder);
            foreach (var e in stream.OrderBy(e => e.Version))
            {
                order = projection.Apply(order, e);
                if (order?.Announcement is { } announcement)
                    told.Add((stream.Key, $"{stream.Key} {announcement.Sequence} {announcement.Type}"));
            }
        }

        return Lines(told);
    }
}
