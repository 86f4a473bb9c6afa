using Microsoft.AspNetCore.Http.HttpResults;

namespace Orders.CustomerCare;

internal static class OrderProblems
{
    public static ProblemHttpResult NoOrder(string id) => NotFound($"There is no order '{(id.Length > 64 ? id[..64] + "…" : id)}'.");

    public static ProblemHttpResult NotFound(string detail) => TypedResults.Problem(detail, statusCode: StatusCodes.Status404NotFound);
}
