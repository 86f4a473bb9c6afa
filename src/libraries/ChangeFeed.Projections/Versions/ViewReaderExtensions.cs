using Microsoft.Extensions.DependencyInjection;

namespace ChangeFeed.Projections.Versions;

/// <summary>Registration of what reads views.</summary>
public static class ViewReaderExtensions
{
    /// <summary>Reads views, each from the version that serves. Needs a <see cref="TimeProvider"/>.</summary>
    /// <param name="services">The services.</param>
    /// <param name="containers">Where the views are.</param>
    public static IServiceCollection AddViewReaders(this IServiceCollection services, Func<IServiceProvider, ViewDatabase> containers) => services
        .AddSingleton(containers)
        .AddSingleton<ViewDirectory>()
        .AddSingleton<ViewReader>();
}
