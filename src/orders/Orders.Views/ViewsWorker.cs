using Orders.Hosting;
using Orders.PersonalData;
using Orders.ReadModels;
using Orders.Views.Erasure;

namespace Orders.Views;

/// <summary>What the service is made of.</summary>
public static class ViewsWorker
{
    /// <summary>Keeps the views, and erases customers.</summary>
    public static Worker Worker { get; } = new(
        "views",
        builder =>
        {
            builder.Services.AddReadModels();
            builder.Services.AddPersonalData();
            builder.AddViewServices(AllViews.List);
            builder.AddErasure();
        },
        (feed, configuration) => feed.FollowViews(AllViews.List, configuration));
}
