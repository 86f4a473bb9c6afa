using ChangeFeed.MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace ChangeFeed.Projections.Writing;

/// <summary>Registration of views that follow the change feed.</summary>
public static class LiveViewExtensions
{
    private const int MaxInFlight = 300;
    private const int ConcurrentStreams = 64; // where pages are full, what is counted or written together is more

    /// <summary>
    /// The views that <see cref="Follow"/> keeps up to date. Needs <see cref="Versions.ViewReaderExtensions.AddViewReaders"/> and an event store.
    /// </summary>
    public static IServiceCollection AddLiveViews(this IServiceCollection services, IReadOnlyList<IView> views)
    {
        foreach (var view in views)
            services.AddSingleton(view);
        return services.AddSingleton<LiveViews>();
    }

    /// <summary>Keeps each view up to date with an endpoint of its own, so that views neither wait for nor trip over each other.</summary>
    /// <param name="feed">The change feed of the service.</param>
    /// <param name="views">The views.</param>
    /// <param name="configure">More of each endpoint, such as how late its view may be, so that several events of a stream make one write.</param>
    public static void Follow(
        this ChangeFeedConfigurator feed, IReadOnlyList<IView> views, Action<IView, ChangeFeedEndpointConfigurator>? configure = null)
    {
        foreach (var view in views)
        {
            feed.Endpoint(view.Name, endpoint =>
            {
                // Nothing here waits for anything but the store, so little is gained by reading further ahead, and it is memory of every
                // view and partition.
                endpoint.MaxInFlight = MaxInFlight;
                configure?.Invoke(view, endpoint);
                if (endpoint.Linger > TimeSpan.Zero)
                    endpoint.ConcurrentStreams = ConcurrentStreams;
                endpoint.AddConsumer<ApplyToView>();
            });
        }
    }
}
