using Microsoft.Azure.Cosmos;
using OrderPipeline.ChangeFeed;
using OrderPipeline.ServiceDefaults;

namespace OrderPipeline.Views;

/// <summary>Registration of a view.</summary>
public static class ViewExtensions
{
    /// <summary>Keeps a view up to date with an endpoint of its own, so that views neither wait for nor trip over each other.</summary>
    public static ChangeFeedConfigurator AddView<TDocument>(
        this ChangeFeedConfigurator feed, IServiceCollection services, IProjection<TDocument> projection, Func<OrdersDatabase, Container> container)
        where TDocument : class
    {
        feed.Endpoint(projection.Name, endpoint => endpoint.AddConsumer<ApplyToView<TDocument>>());
        services.AddSingleton(provider => new ViewWriter<TDocument>(
            projection,
            new ViewContainer<TDocument>(container(provider.GetRequiredService<OrdersDatabase>()), projection.Json),
            (streamId, from, to, ct) => provider.GetRequiredService<EventStore.EventStore>().ReadAsync(streamId, from, to, ct)));
        return feed;
    }
}
