using Azure.Messaging.EventHubs;
using ChangeFeed.ServiceDefaults;
using Microsoft.Extensions.Hosting;

namespace Orders.Outward;

/// <summary>Says at start what is wrong with the address of the event hub, or with the credentials; one that goes away later is lag.</summary>
internal sealed class EventHubsStartup(EventHubsOptions options, IReadOnlyList<int> generations) : IHostedService
{
    private const string Setting = $"ConnectionStrings:{EventHubsOptions.ConnectionName}";

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var generation in generations)
        {
            await using var hub = options.CreateProducer(generation);
            try
            {
                await hub.GetEventHubPropertiesAsync(cancellationToken);
            }
            catch (UnauthorizedAccessException e)
            {
                throw new StartupException($"The event hub '{hub.EventHubName}' at {Setting} does not let this service in: {e.Message}", e);
            }
            catch (Exception e) when (e is EventHubsException or System.Net.Sockets.SocketException or TimeoutException)
            {
                throw new StartupException($"The event hub '{hub.EventHubName}' at {Setting} does not answer: {e.Message}", e);
            }
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
