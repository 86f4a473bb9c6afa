using MassTransit;
using MassTransit.Configuration;
using MassTransit.DependencyInjection;
using MassTransit.Transports;

namespace ChangeFeed.MassTransit.Rider;

/// <summary>Builds the rider once MassTransit has a bus to put it beside.</summary>
internal sealed class ChangeFeedRiderFactory(IReadOnlyList<ChangeFeedEndpointConfigurator> endpoints) : IRegistrationRiderFactory<IChangeFeedRider>
{
    public IBusInstanceSpecification CreateRider(IRiderRegistrationContext context) => new Specification(context, endpoints);

    private sealed class Specification(IRiderRegistrationContext context, IReadOnlyList<ChangeFeedEndpointConfigurator> endpoints) : IBusInstanceSpecification
    {
        public IEnumerable<ValidationResult> Validate() => [];

        public void Configure(IBusInstance busInstance)
        {
            var collection = new ReceiveEndpointCollection();
            foreach (var endpoint in endpoints)
            {
                var address = "change-feed/" + endpoint.Name;
                var configuration = busInstance.HostConfiguration.CreateReceiveEndpointConfiguration(address);
                collection.Add(address, new FeedEndpointConfiguration(busInstance, configuration, context, endpoint).Build());
            }

            var ids = new DeterministicMessageIds();
            busInstance.Bus.ConnectPublishObserver(ids);
            busInstance.Bus.ConnectSendObserver(ids);
            busInstance.Connect<IChangeFeedRider>(new ChangeFeedRider(collection));
        }
    }
}
