using MassTransit;
using MassTransit.Configuration;
using MassTransit.Transports;

namespace ChangeFeed.MassTransit.Rider;

/// <summary>What the consumers of an endpoint publish and send goes to the bus beside which the rider stands.</summary>
internal sealed class FeedEndpointContext(IBusInstance bus, IReceiveEndpointConfiguration configuration)
    : BaseReceiveEndpointContext(bus.HostConfiguration, configuration)
{
    public override void AddSendAgent(IAgent agent) => throw ConsumeOnly();

    public override void AddConsumeAgent(IAgent agent) => throw ConsumeOnly();

    public override Exception ConvertException(Exception exception, string message) => new ConnectionException(message, exception);

    protected override IPublishEndpointProvider CreatePublishEndpointProvider() => bus.Bus;

    protected override ISendEndpointProvider CreateSendEndpointProvider() => bus.Bus;

    protected override ISendTransportProvider CreateSendTransportProvider() => throw ConsumeOnly();

    protected override IPublishTransportProvider CreatePublishTransportProvider() => throw ConsumeOnly();

    private static NotSupportedException ConsumeOnly() => new("The change feed is read only: append events through the event store.");
}
