using Microsoft.AspNetCore.Http.HttpResults;

namespace Orders.Api;

internal static class OrderProblems
{
    public static ProblemHttpResult NotFound(string id) =>
        TypedResults.Problem($"There is no order '{(id.Length > 64 ? id[..64] + "…" : id)}'.", statusCode: StatusCodes.Status404NotFound);
}
