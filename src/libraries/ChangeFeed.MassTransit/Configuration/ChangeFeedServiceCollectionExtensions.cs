using ChangeFeed.EventStore;
using ChangeFeed.MassTransit.Health;
using ChangeFeed.MassTransit.Rider;
using MassTransit;
using MassTransit.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace ChangeFeed.MassTransit;

/// <summary>Adds the change feed to a service.</summary>
public static class ChangeFeedServiceCollectionExtensions
{
    /// <summary>
    /// Adds the change feed as a MassTransit rider, once per service. Needs an <c>EventTypeMap</c> among the services.
    /// <see cref="ChangeFeedOptions"/> come from the configuration section <c>ChangeFeed</c> and are validated at start.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Says where the feed comes from and who reads it.</param>
    /// <exception cref="InvalidOperationException">Something is missing or out of range; the message names it.</exception>
    public static IServiceCollection AddChangeFeed(this IServiceCollection services, Action<ChangeFeedConfigurator> configure)
    {
        var feed = new ChangeFeedConfigurator();
        configure(feed);
        feed.Complete();

        services.TryAddEnumerable(ServiceDescriptor.Singleton<IConfigureOptions<ChangeFeedOptions>, ChangeFeedOptionsSetup>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ChangeFeedOptions>, ChangeFeedOptionsSetup>());
        services.AddOptions<ChangeFeedOptions>().ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ProcessReads>();
        services.TryAddSingleton<FeedEndpoints>();
        services.AddHostedService(provider => provider.GetRequiredService<FeedEndpoints>()); // before the bus, so that it stops after it
        services.AddHealthChecks().AddCheck<ChangeFeedHealthCheck>("change-feed");
        services.AddMassTransit(bus =>
        {
            // Without this the host posts usage data to a server outside some minutes after the start.
            bus.DisableUsageTelemetry();
            feed.BusConfiguration(bus);
            bus.AddRider(rider =>
            {
                foreach (var endpoint in feed.Endpoints)
                    endpoint.Register(rider);
                feed.RiderConfiguration?.Invoke(rider);
                rider.SetRiderFactory(new ChangeFeedRiderFactory(feed.Endpoints));
            });
        });
        return services;
    }
}
