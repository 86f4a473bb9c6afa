using Orders.Hosting;
using Orders.Views.Denormalisation;

namespace Orders.Views;

/// <summary>Registration of views.</summary>
public static class ViewExtensions
{
    private const int MaxInFlight = 300;

    /// <summary>Keeps each view up to date with an endpoint of its own, so that views neither wait for nor trip over each other.</summary>
    public static WebApplicationBuilder AddViews(this WebApplicationBuilder builder, IReadOnlyList<IView> views)
    {
        foreach (var view in views)
            builder.Services.AddSingleton(view);
        builder.Services.AddSingleton<LiveViews>();
        builder.AddNames();
        return builder.AddChangeFeed(feed =>
        {
            foreach (var view in views)
            {
                feed.Endpoint(view.Name, endpoint =>
                {
                    // Nothing here waits for anything but the store, so little is gained by reading further ahead, and it is memory of every
                    // view and partition.
                    endpoint.MaxInFlight = MaxInFlight;
                    endpoint.AddConsumer<ApplyToView>();
                });
            }
        });
    }
}
