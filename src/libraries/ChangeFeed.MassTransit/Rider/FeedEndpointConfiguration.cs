using MassTransit;
using MassTransit.Configuration;
using MassTransit.Transports;
using Microsoft.Extensions.DependencyInjection;

namespace ChangeFeed.MassTransit.Rider;

/// <summary>Puts one endpoint together: MassTransit's pipe of consumers, and the engine that feeds it.</summary>
internal sealed class FeedEndpointConfiguration : ReceiveEndpointConfiguration, IReceiveEndpointConfigurator
{
    private readonly IBusInstance _bus;
    private readonly IReceiveEndpointConfiguration _configuration;
    private readonly IRiderRegistrationContext _services;
    private readonly ChangeFeedEndpointConfigurator _endpoint;
    private readonly WantedTypes _wanted = new();

    public FeedEndpointConfiguration(
        IBusInstance bus, IReceiveEndpointConfiguration configuration, IRiderRegistrationContext services, ChangeFeedEndpointConfigurator endpoint)
        : base(bus.HostConfiguration, configuration)
    {
        _bus = bus;
        _configuration = configuration;
        _services = services;
        _endpoint = endpoint;
        PublishFaults = false; // a failure is the business of the endpoint's policy, not a message
        ConfigureConsumeTopology = false;
        this.DiscardSkippedMessages();
        this.RethrowFaultedMessages();
        ConnectConsumerConfigurationObserver(_wanted);
        ConnectSagaConfigurationObserver(_wanted);
        ConnectHandlerConfigurationObserver(_wanted);
    }

    public override Uri HostAddress => _configuration.HostAddress;

    public override Uri InputAddress => _configuration.InputAddress;

    public override ReceiveEndpointContext CreateReceiveEndpointContext() => new FeedEndpointContext(_bus, this);

    public ReceiveEndpoint Build()
    {
        _endpoint.Apply(this, _services);
        var failures = Validate().Where(result => result.Disposition == ValidationResultDisposition.Failure).ToList();
        if (failures.Count > 0)
            throw new ConfigurationException($"Endpoint '{_endpoint.Name}': {string.Join(" ", failures.Select(f => $"{f.Key} {f.Message}."))}");
        if (!_wanted.Any)
            throw new ConfigurationException($"Endpoint '{_endpoint.Name}' has no consumer: add one with AddConsumer, or remove the endpoint.");
        ApplySpecifications(new ReceiveEndpointBuilder(this));

        var context = CreateReceiveEndpointContext();
        var (endpoint, transport) = new FeedEndpointFactory(_services).Create(_endpoint, context, _wanted);
        _services.GetRequiredService<FeedEndpoints>().Add(endpoint, transport);
        return new ReceiveEndpoint(transport, context);
    }
}
