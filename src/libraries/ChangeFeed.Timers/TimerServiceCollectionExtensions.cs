using ChangeFeed.EventStore;
using ChangeFeed.MassTransit;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ChangeFeed.Timers;

/// <summary>Registration of timers.</summary>
public static class TimerServiceCollectionExtensions
{
    /// <summary>Adds a <see cref="TimerStore"/>, to make timers with and to see which wait.</summary>
    /// <param name="services">The service's services; they have a <see cref="CosmosEventStore"/>, an <see cref="EventTypeMap"/> and a clock.</param>
    /// <param name="container">The container of the timers.</param>
    public static IServiceCollection AddTimerStore(this IServiceCollection services, Func<IServiceProvider, Container> container)
    {
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<TimerOptions>, TimerOptionsValidation>());
        services.AddOptions<TimerOptions>().BindConfiguration(TimerOptions.Section).ValidateOnStart();
        services.TryAddSingleton(provider => new TimerStore(
            container(provider), provider.GetRequiredService<EventTypeMap>(), provider.GetRequiredService<IOptions<TimerOptions>>().Value.ObserveExpiry));
        return services;
    }

    /// <summary>Fires the timers of a name in this service. Needs <see cref="AddTimerStore"/>.</summary>
    /// <param name="services">The service's services.</param>
    /// <param name="handler">Gives the timer, and what follows when it is due.</param>
    /// <param name="controls">The container of controls, in which an endpoint is paused.</param>
    public static IServiceCollection AddTimer(
        this IServiceCollection services, Func<IServiceProvider, TimerHandler> handler, Func<IServiceProvider, Container> controls)
    {
        services.AddSingleton(provider => new TimerFiring(
            handler(provider),
            provider.GetRequiredService<TimerStore>(),
            provider.GetRequiredService<CosmosEventStore>(),
            new ChangeFeedControls(controls(provider), provider.GetRequiredService<TimeProvider>()),
            provider.GetRequiredService<ILoggerFactory>().CreateLogger("ChangeFeed.Timers")));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, TimerPolling>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, ExpiryFeed>());
        return services;
    }
}
