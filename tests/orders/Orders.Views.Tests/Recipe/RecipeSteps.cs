using ChangeFeed.Projections;

namespace Orders.Views.Projections;

/// <summary>The single lines of the recipe, where the compiler sees them.</summary>
internal static class RecipeSteps
{
    /// <summary>As in <see cref="AllViews"/>.</summary>
    public static IReadOnlyList<IView> Views { get; } =
    [
        .. AllViews.List,
        View.Of(new DeclinedPaymentsProjection()),
    ];

    /// <summary>As in <c>OrdersDatabase</c>.</summary>
    public static (string Name, string PartitionKey, int? Ttl, bool Versions, bool Grows)[] Containers { get; } =
    [
        ("declined-payments", "/customerId", -1, false, true),
    ];
}
