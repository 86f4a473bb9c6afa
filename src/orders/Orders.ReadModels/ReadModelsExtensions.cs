using ChangeFeed.Projections.Versions;
using Microsoft.Extensions.DependencyInjection;
using Orders.Hosting;

namespace Orders.ReadModels;

/// <summary>Registration of what reads views.</summary>
public static class ReadModelsExtensions
{
    /// <summary>Adds the readers of views, and the containers that views, reference data and erasures are in.</summary>
    public static IServiceCollection AddReadModels(this IServiceCollection services) => services
        .AddContainers(HostingContainers.Views)
        .AddContainers(ViewContainers.All)
        .AddContainers(ReferenceContainers.Customers, ReferenceContainers.Products, ErasureContainers.Erasures)
        .AddViewReaders(services => services.GetRequiredService<OrdersDatabase>().ViewDatabase);
}
