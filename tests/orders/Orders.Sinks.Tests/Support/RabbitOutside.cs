using Orders.Outward;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Orders.Sinks.Tests.Support;

/// <summary>A broker that is killed and started again, and one who listens to it without MassTransit.</summary>
internal sealed class RabbitOutside(RabbitBroker broker)
    : BusOutside(new BusOptions { ConnectionString = broker.Address, Exchange = $"orders-{Guid.NewGuid():N}" })
{
    private IConnection? _connection;

    public override async Task StartAsync()
    {
        _connection = await new ConnectionFactory { Uri = new Uri(broker.Address), NetworkRecoveryInterval = TimeSpan.FromMilliseconds(500) }
            .CreateConnectionAsync(TestContext.Current.CancellationToken);
        await base.StartAsync();
    }

    public override Task TakeDownAsync() => broker.KillAsync();

    public override Task BringBackAsync() => broker.StartAsync();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_connection is not null)
            await _connection.DisposeAsync();
    }

    protected override async Task ListenAsync(string exchange, Listener listener)
    {
        var channel = await _connection!.CreateChannelAsync();
        await channel.ExchangeDeclareAsync(exchange, ExchangeType.Topic, durable: true);
        await channel.QueueDeclareAsync($"{exchange}-listener", durable: true, exclusive: false, autoDelete: false);
        await channel.QueueBindAsync($"{exchange}-listener", exchange, "#");
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += async (_, delivery) =>
        {
            delivery.BasicProperties.ContentType.ShouldBe("application/cloudevents+json");
            listener.Hear(delivery.Body.Span);
            await channel.BasicAckAsync(delivery.DeliveryTag, multiple: false);
        };
        await channel.BasicConsumeAsync($"{exchange}-listener", autoAck: false, consumer);
    }
}
