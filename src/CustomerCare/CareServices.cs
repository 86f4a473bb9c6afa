using OrderPipeline.ChangeFeed;
using OrderPipeline.CustomerCare.Actions;
using OrderPipeline.CustomerCare.Auditing;
using OrderPipeline.CustomerCare.DeadLetters;
using OrderPipeline.CustomerCare.DeadLetters.Batches;
using OrderPipeline.CustomerCare.Events;
using OrderPipeline.CustomerCare.Search;
using OrderPipeline.CustomerCare.Services;
using OrderPipeline.CustomerCare.Shopping;
using OrderPipeline.ServiceDefaults;

namespace OrderPipeline.CustomerCare;

/// <summary>What the API and the pages both stand on.</summary>
internal static class CareServices
{
    public static void AddCare(this IServiceCollection services)
    {
        services.AddSingleton<StoredEvents>();
        services.AddSingleton<OrderSearch>();
        services.AddSingleton<OrderCandidates>();
        services.AddSingleton<OrderLookup>();
        services.AddSingleton<EventSearch>();
        services.AddSingleton<OrderActions>();
        services.AddSingleton<AuditTrail>();
        services.AddSingleton<ParkedOrderActions>();
        services.AddSingleton<ServiceActions>();
        services.AddSingleton<ShopperActions>();
        services.AddSingleton<ParkedOrders>();
        services.AddSingleton<BatchStore>();
        services.AddSingleton<BatchDesk>();
        services.AddSingleton<BatchRunner>().AddHostedService(provider => provider.GetRequiredService<BatchRunner>());
        services.AddSingleton(provider => new DeadLetterDesk(provider.GetRequiredService<OrdersDatabase>().DeadLetters, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new ChangeFeedControls(provider.GetRequiredService<OrdersDatabase>().Controls, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider =>
        {
            var database = provider.GetRequiredService<OrdersDatabase>();
            return new EndpointDirectory(database.Leases, database.Events, database.Customers, database.Products);
        });
        services.AddWatched<ServicesReader>();
    }

    /// <summary>One that reads while somebody looks.</summary>
    public static void AddWatched<T>(this IServiceCollection services)
        where T : class, IHostedService => services.AddSingleton<T>().AddHostedService(provider => provider.GetRequiredService<T>());
}
