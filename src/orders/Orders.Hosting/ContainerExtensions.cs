using Microsoft.Extensions.DependencyInjection;

namespace Orders.Hosting;

/// <summary>Registration of containers.</summary>
public static class ContainerExtensions
{
    /// <summary>Containers the service owns or needs: created before it starts, where they are missing. Naming one twice does no harm.</summary>
    public static IServiceCollection AddContainers(this IServiceCollection services, params IEnumerable<ContainerDefinition> definitions)
    {
        foreach (var definition in definitions)
            services.AddSingleton(definition);
        return services;
    }
}
