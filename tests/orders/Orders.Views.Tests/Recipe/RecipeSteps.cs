using ChangeFeed.Projections;

namespace Orders.Views.Projections;

/// <summary>The line of the recipe for the list of views, where the compiler sees it.</summary>
internal static class RecipeSteps
{
    /// <summary>As in <see cref="AllViews"/>.</summary>
    public static IReadOnlyList<IView> Views { get; } =
    [
        .. AllViews.List,
        View.Of(new DeclinedPaymentsProjection()),
    ];
}
