using ChangeFeed.EventStore;
using ChangeFeed.Timers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orders.Contracts;

namespace Orders.Hosting;

/// <summary>What every service with timers does alike.</summary>
public static class TimerExtensions
{
    /// <summary>Fires the timers of a name, and lets reactions make them. Needs <see cref="OrderServiceExtensions.AddOrderService"/>.</summary>
    /// <param name="services">The service's services.</param>
    /// <param name="handler">Gives the timer, and what follows when it is due.</param>
    public static IServiceCollection AddOrderTimer(this IServiceCollection services, Func<IServiceProvider, TimerHandler> handler) =>
        services.AddOrderTimers().AddTimer(handler, provider => provider.GetRequiredService<OrdersDatabase>().Controls);

    /// <summary>The timers that wait, to be looked at.</summary>
    public static IServiceCollection AddOrderTimers(this IServiceCollection services)
    {
        services.TryAddSingleton(OrderEvents.Map);
        return services.AddContainers(HostingContainers.Timers)
            .AddTimerStore(provider => provider.GetRequiredService<OrdersDatabase>().Timers);
    }
}
