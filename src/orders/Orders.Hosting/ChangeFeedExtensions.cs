using ChangeFeed.EventStore;
using ChangeFeed.EventStore.Snapshots;
using ChangeFeed.MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orders.Contracts;
using Orders.Domain;

namespace Orders.Hosting;

/// <summary>What every service that reads the change feed does alike.</summary>
public static class ChangeFeedExtensions
{
    // So that a change of the account's address is noticed.
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    /// <summary>Reads the events under one lease prefix. Needs <see cref="OrderServiceExtensions.AddOrderService"/>.</summary>
    /// <param name="builder">The service.</param>
    /// <param name="name">The endpoint: <c>tax</c> has the lease prefix <c>tax:</c>, and is <c>by</c> in the events that follow.</param>
    /// <param name="configure">Its consumers and settings.</param>
    public static WebApplicationBuilder AddChangeFeedEndpoint(
        this WebApplicationBuilder builder, string name, Action<ChangeFeedEndpointConfigurator> configure) =>
        builder.AddChangeFeed(feed => feed.Endpoint(name, configure));

    /// <summary>Reads the events with any number of endpoints; once per service.</summary>
    public static WebApplicationBuilder AddChangeFeed(this WebApplicationBuilder builder, Action<ChangeFeedConfigurator> configure)
    {
        builder.Services.AddSingleton(OrderEvents.Map);
        builder.Services.AddSingleton(new RecentStreams(OrderEvents.Map));
        builder.Services.AddSingleton<Reactor>();
        builder.Services.AddContainers(HostingContainers.Snapshots);
        builder.Services.AddSingleton(provider => new StreamSnapshots<OrderState>(
            provider.GetRequiredService<OrdersDatabase>().Get(HostingContainers.Snapshots), OrderState.Snapshots));
        builder.Services.AddContainers(HostingContainers.Feed);
        // Before the section is bound, which may say otherwise. Real accounts take no notice.
        builder.Services.Configure<ChangeFeedOptions>(options => options.HoldReads = TimeSpan.FromSeconds(30));
        builder.Services.AddTransient<RequestHandler>(
            services => new ChangeFeedRequestHandler(services.GetRequiredService<IOptions<ChangeFeedOptions>>().Value.HoldReads)
            {
                WithoutSession = services.GetRequiredService<IOptions<CosmosOptions>>().Value.RegionList.Count > 0,
            });
        builder.Services.AddTransient<RequestHandler, LeaseCheckpointHandler>();
        builder.Services.AddTransient<RequestHandler, LeaseQueryPlanHandler>();
        builder.Services.AddTransient<RequestHandler>(services => new SharedLeaseQueries(
            services.GetRequiredService<IOptions<ChangeFeedOptions>>().Value.LeaseAcquireInterval / 2, services.GetRequiredService<TimeProvider>()));
        builder.Services.AddSingleton(services => new SharedFeedReads(
            new SocketsHttpHandler { PooledConnectionLifetime = ConnectionLifetime, UseCookies = false }, services.GetRequiredService<TimeProvider>()));
        builder.Services.AddChangeFeed(feed =>
        {
            feed.Source(
                services => services.GetRequiredService<OrdersDatabase>().EventFeed,
                services => services.GetRequiredService<OrdersDatabase>().Leases);
            feed.DeadLetters(services => services.GetRequiredService<OrdersDatabase>().DeadLetters);
            feed.Controls(services => services.GetRequiredService<OrdersDatabase>().Controls);
            configure(feed);
        });
        return builder;
    }
}
