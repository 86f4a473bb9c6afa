using ChangeFeed.EventStore;
using ChangeFeed.Projections;
using ChangeFeed.Projections.Writing;
using ChangeFeed.ServiceDefaults;
using Orders.Contracts;
using Orders.Hosting;
using Orders.Views.Denormalisation;

namespace Orders.Views;

/// <summary>Registration of views.</summary>
public static class ViewExtensions
{
    /// <summary>Keeps each view up to date with an endpoint of its own.</summary>
    public static WebApplicationBuilder AddViews(this WebApplicationBuilder builder, IReadOnlyList<IView> views)
    {
        builder.Services.AddLiveViews(views).AddEventSource();
        builder.AddNames();
        return builder.AddChangeFeed(feed => feed.Follow(views));
    }

    /// <summary>The events the views are rebuilt from and compared with.</summary>
    public static IServiceCollection AddEventSource(this IServiceCollection services) => services.AddSingleton(
        provider => new EventSource(provider.GetRequiredService<OrdersDatabase>().Events, OrderEvents.Map, provider.GetRequiredService<CosmosEventStore>()));
}
