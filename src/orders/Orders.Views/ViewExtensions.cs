using ChangeFeed.EventStore;
using ChangeFeed.MassTransit;
using ChangeFeed.Projections;
using ChangeFeed.Projections.Writing;
using ChangeFeed.ServiceDefaults;
using Microsoft.Extensions.Options;
using Orders.Contracts;
using Orders.Hosting;
using Orders.Views.Denormalisation;

namespace Orders.Views;

/// <summary>Registration of views.</summary>
public static class ViewExtensions
{
    /// <summary>Keeps each view up to date with an endpoint of its own.</summary>
    public static WebApplicationBuilder AddViews(this WebApplicationBuilder builder, IReadOnlyList<IView> views) =>
        builder.AddViewServices(views).AddChangeFeed(feed => feed.FollowViews(views, builder.Configuration));

    /// <summary>What endpoints of views need.</summary>
    public static WebApplicationBuilder AddViewServices(this WebApplicationBuilder builder, IReadOnlyList<IView> views)
    {
        builder.Services.AddLiveViews(views).AddEventSource();
        builder.AddNames();
        builder.Services.AddSingleton<IValidateOptions<ViewOptions>, ViewOptionsValidation>();
        builder.Services.AddOptions<ViewOptions>().Bind(builder.Configuration.GetSection(ViewOptions.Section)).ValidateOnStart();
        return builder;
    }

    /// <summary>An endpoint for each view.</summary>
    public static void FollowViews(this ChangeFeedConfigurator feed, IReadOnlyList<IView> views, IConfiguration configuration) =>
        feed.Follow(views, ViewOptions.From(configuration).Configure);

    /// <summary>The events the views are rebuilt from and compared with.</summary>
    public static IServiceCollection AddEventSource(this IServiceCollection services) => services.AddSingleton(
        provider => new EventSource(provider.GetRequiredService<OrdersDatabase>().Events, OrderEvents.Map, provider.GetRequiredService<CosmosEventStore>()));
}
