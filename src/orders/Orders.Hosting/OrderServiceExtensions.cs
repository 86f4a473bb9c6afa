using ChangeFeed.EventStore;
using ChangeFeed.MassTransit;
using ChangeFeed.ServiceDefaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orders.Contracts;
using Orders.Hosting.Moving;
using Orders.Hosting.Usage;

namespace Orders.Hosting;

/// <summary>What every service of the order system does alike.</summary>
public static class OrderServiceExtensions
{
    /// <summary>The service defaults, the store and the event store.</summary>
    /// <param name="builder">The service.</param>
    /// <param name="serviceName">Its name: in telemetry, in the user agent, and as <c>by</c> in the events it appends.</param>
    /// <param name="port">Loopback port where nothing else is configured; 0 for any free one.</param>
    public static WebApplicationBuilder AddOrderService(this WebApplicationBuilder builder, string serviceName, int port = 0)
    {
        builder.AddServiceDefaults(serviceName, port);
        var services = builder.Services;
        services.AddSingleton<IConfigureOptions<CosmosOptions>, CosmosOptionsSetup>();
        services.AddSingleton<IValidateOptions<CosmosOptions>, CosmosOptionsSetup>();
        services.AddOptions<CosmosOptions>().ValidateOnStart();
        services.AddSingleton(provider => Connect(provider, provider.GetRequiredService<IOptions<CosmosOptions>>().Value, serviceName));
        services.AddSingleton<RequestUnitCounter>();
        services.AddSingleton<IValidateOptions<UsageOptions>, UsageOptionsCheck>();
        services.AddOptions<UsageOptions>().BindConfiguration(UsageOptions.Section).ValidateOnStart();
        services.AddHostedService(provider => ActivatorUtilities.CreateInstance<UsageReports>(provider, serviceName));
        services.AddSingleton<IConfigureOptions<ArchiveReading>, ArchiveReadingSetup>();
        services.AddSingleton<IValidateOptions<ArchiveReading>, ArchiveReadingSetup>();
        services.AddOptions<ArchiveReading>().ValidateOnStart();
        services.AddContainers(HostingContainers.Events, HostingContainers.Controls); // in the latter the store is tried out, and usage is said
        services.AddSingleton<LeaseDatabase>();
        services.AddSingleton<IPreparedDatabase>(provider => provider.GetRequiredService<LeaseDatabase>());
        services.AddSingleton<OrdersDatabase>();
        services.AddSingleton<IPreparedDatabase>(provider => provider.GetRequiredService<OrdersDatabase>());
        if (DirectoryOptions.IsFollowedBy(builder.Configuration))
            services.AddEventsDirectory(serviceName);
        services.AddHostedService<OrdersDatabaseStartup>();
        services.AddSingleton(provider => new CosmosEventStore(
            provider.GetRequiredService<OrdersDatabase>().Events, OrderEvents.Map, provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<IOptions<ArchiveReading>>().Value.Streams(provider.GetRequiredService<TimeProvider>())));
        return builder;
    }

    private static void AddEventsDirectory(this IServiceCollection services, string serviceName)
    {
        services.AddSingleton(provider => new EventsDirectory(
            provider.GetRequiredService<IOptions<CosmosOptions>>().Value, (account, sessions) => Connect(provider, account, serviceName, sessions),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IPreparedDatabase>(provider => provider.GetRequiredService<EventsDirectory>());
        services.AddHealthChecks().AddCheck<DirectoryHealthCheck>("directory");
    }

    private static CosmosClient Connect(IServiceProvider provider, CosmosOptions account, string serviceName, params IEnumerable<RequestHandler> more) =>
        CosmosClientFactory.Create(
            account, serviceName, provider.GetService<SharedFeedReads>(),
            [
                provider.GetRequiredService<RequestUnitCounter>().NewHandler(),
                .. provider.GetServices<RequestHandler>(), // transient: a handler belongs to one client
                .. more,
            ]);
}
