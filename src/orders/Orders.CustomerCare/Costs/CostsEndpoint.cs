using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using Orders.Web;

namespace Orders.CustomerCare.Costs;

/// <summary>GET /care/costs.</summary>
internal static class CostsEndpoint
{
    private static CostsAnswer Example { get; } = new(
        new DateTimeOffset(2026, 3, 14, 9, 9, 26, TimeSpan.Zero), 360, 1234.5, 0.06,
        [new ServiceCost("views", 900, [0.04, 0.05]), new ServiceCost("orders-api", 334.5, [0.01, 0.02])]);

    public static void MapCosts(this IEndpointRouteBuilder care) => care.MapGet("/costs", GetAsync)
        .WithName("GetCosts")
        .WithTags("Services")
        .WithSummary("Shows what each service has used of the store, in request units, over the last hours")
        .Answers(StatusCodes.Status200OK, "What was used.", Example)
        .AnswersProblem(StatusCodes.Status400BadRequest, "The hours are wrong.")
        .IsCare();

    private static async Task<Ok<CostsAnswer>> GetAsync(
        CostsReader reader, CancellationToken cancellationToken, [Description("How many hours back, 1 to 24; 6 when absent.")] string? hours = null) =>
        TypedResults.Ok(await reader.ReadAsync((int)(QueryValue.Whole("hours", hours, 1, CostsReader.MostHours) ?? CostsReader.UsualHours), cancellationToken));
}
