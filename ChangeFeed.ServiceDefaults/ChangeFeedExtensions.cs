using Microsoft.AspNetCore.Builder;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.DependencyInjection;
using OrderPipeline.ChangeFeed;
using OrderPipeline.Contracts;

namespace OrderPipeline.ServiceDefaults;

/// <summary>What every service that reads the change feed does alike.</summary>
public static class ChangeFeedExtensions
{
    // Well below the 65 s after which the client gives up a request; longer would save next to nothing.
    private static readonly TimeSpan HoldReads = TimeSpan.FromSeconds(30);

    /// <summary>Reads the events under one lease prefix. Needs <see cref="ServiceDefaultsExtensions.AddServiceDefaults"/>.</summary>
    /// <param name="builder">The service.</param>
    /// <param name="name">The endpoint: <c>tax</c> has the lease prefix <c>tax:</c>, and is <c>by</c> in the events that follow.</param>
    /// <param name="configure">Its consumers and settings.</param>
    public static WebApplicationBuilder AddChangeFeedEndpoint(
        this WebApplicationBuilder builder, string name, Action<ChangeFeedEndpointConfigurator> configure) =>
        builder.AddChangeFeed(feed => feed.Endpoint(name, endpoint =>
        {
            // An event that cannot be handled holds up its partition, and health says so: nothing is lost.
            endpoint.OnFailure = FailurePolicy.Block;
            configure(endpoint);
        }));

    /// <summary>Reads the events with any number of endpoints; once per service.</summary>
    public static WebApplicationBuilder AddChangeFeed(this WebApplicationBuilder builder, Action<ChangeFeedConfigurator> configure)
    {
        builder.Services.AddSingleton(OrderEvents.Map);
        builder.Services.AddSingleton<Reactor>();
        builder.Services.AddSingleton<RequestHandler>(_ => new ChangeFeedRequestHandler(HoldReads));
        builder.Services.AddChangeFeed(feed =>
        {
            feed.Source(
                services => services.GetRequiredService<OrdersDatabase>().Events,
                services => services.GetRequiredService<OrdersDatabase>().Leases);
            configure(feed);
        });
        return builder;
    }
}
