using Microsoft.AspNetCore.Http.HttpResults;
using Orders.Web;

namespace Orders.CustomerCare.Overdue;

/// <summary>GET /care/overdue.</summary>
internal static class OverdueEndpoint
{
    private static IReadOnlyList<OverdueOrder> Example { get; } =
    [
        new(
            Examples.OrderId, "c-1001", "USD", 106.29m, new DateTimeOffset(2026, 3, 11, 9, 9, 26, TimeSpan.Zero),
            new DateTimeOffset(2026, 3, 14, 9, 9, 29, TimeSpan.Zero)),
    ];

    public static void MapOverdue(this IEndpointRouteBuilder care) => care.MapGet("/overdue", GetAsync)
        .WithName("GetOverdue")
        .WithTags("Orders")
        .WithSummary("Lists the paid orders that were not shipped in time, those overdue longest first")
        .WithDescription($"At most {OverdueOrders.Most}. An order leaves the list when it ships, is rejected or is cancelled.")
        .Answers(StatusCodes.Status200OK, "The orders.", Example)
        .IsCare();

    private static async Task<Ok<IReadOnlyList<OverdueOrder>>> GetAsync(OverdueOrders orders, CancellationToken cancellationToken) =>
        TypedResults.Ok(await orders.ReadAsync(cancellationToken));
}
