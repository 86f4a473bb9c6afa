using ChangeFeed.MassTransit;
using Microsoft.Azure.Cosmos;
using Orders.CustomerCare.Actions;
using Orders.CustomerCare.Auditing;
using Orders.CustomerCare.Costs;
using Orders.CustomerCare.DeadLetters;
using Orders.CustomerCare.DeadLetters.Batches;
using Orders.CustomerCare.DeadLetters.Corrections;
using Orders.CustomerCare.Events;
using Orders.CustomerCare.Overdue;
using Orders.CustomerCare.Positions;
using Orders.CustomerCare.Search;
using Orders.CustomerCare.Services;
using Orders.CustomerCare.Shopping;
using Orders.Hosting;
using Orders.Hosting.Usage;
using Orders.ReadModels;
using Orders.Web.Access;

namespace Orders.CustomerCare;

/// <summary>What the API and the pages both stand on.</summary>
internal static class CareServices
{
    public static void AddCare(this IServiceCollection services)
    {
        services.AddContainers(HostingContainers.Feed);
        services.AddContainers(AuditContainers.CareAudit);
        services.AddSingleton<StoredEvents>();
        services.AddSingleton<OrderSearch>();
        services.AddSingleton<SearchBudget>();
        services.AddLimits<SearchOptions>(SearchOptions.Section);
        services.AddSingleton<OrderCandidates>();
        services.AddSingleton<IndexCandidates>();
        services.AddOptions<SearchIndexOptions>().BindConfiguration(SearchIndexOptions.Section);
        services.AddSingleton<OrderLookup>();
        services.AddSingleton<EventSearch>();
        services.AddSingleton<OverdueOrders>();
        services.AddOrderTimers();
        services.AddSingleton<OrderActions>();
        services.AddSingleton<AuditTrail>();
        services.AddSingleton<ParkedOrderActions>();
        services.AddSingleton<CorrectionActions>();
        services.AddSingleton<CorrectionEvents>();
        services.AddSingleton<ServiceActions>();
        services.AddSingleton<ShopperActions>();
        services.AddSingleton<UsageReader>();
        services.AddSingleton<CostsReader>();
        services.AddSingleton<ParkedOrders>();
        services.AddSingleton<BatchStore>();
        services.AddSingleton<BatchService>();
        services.AddSingleton<BatchRunner>().AddHostedService(provider => provider.GetRequiredService<BatchRunner>());
        services.AddSingleton(
            provider => new DeadLetterClient(provider.GetRequiredService<OrdersDatabase>().DeadLetters, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(
            provider => new ChangeFeedControls(provider.GetRequiredService<OrdersDatabase>().Controls, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider =>
        {
            var database = provider.GetRequiredService<OrdersDatabase>();
            return new EndpointDirectory(database.Leases, database.EventFeed, Monitored(database));
        });
        services.AddSingleton(provider =>
        {
            var database = provider.GetRequiredService<OrdersDatabase>();
            return new EndpointPositions(
                database.Leases, database.Controls, provider.GetRequiredService<TimeProvider>(), database.EventFeed, Monitored(database));
        });
        services.AddSingleton<PositionActions>();
        services.AddOnDemandPoller<ServicesReader>();
    }

    private static Container[] Monitored(OrdersDatabase database) =>
        [database.Get(ReferenceContainers.Customers), database.Get(ReferenceContainers.Products)];

    /// <summary>One that reads while somebody looks.</summary>
    public static void AddOnDemandPoller<T>(this IServiceCollection services)
        where T : class, IHostedService => services.AddSingleton<T>().AddHostedService(provider => provider.GetRequiredService<T>());
}
