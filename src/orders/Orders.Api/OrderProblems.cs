using Microsoft.AspNetCore.Http.HttpResults;
using Orders.Web.Access;

namespace Orders.Api;

internal static class OrderProblems
{
    public static ProblemHttpResult NotFound(string id) =>
        TypedResults.Problem($"There is no order '{(id.Length > 64 ? id[..64] + "…" : id)}'.", statusCode: StatusCodes.Status404NotFound);

    public static ProblemHttpResult NotAllowed(string? customerId = null) => TypedResults.Problem(
        customerId is null
            ? $"This needs the role {Roles.Operator}."
            : $"You order for yourself alone: customerId must be '{customerId}', the subject of your token.",
        statusCode: StatusCodes.Status403Forbidden);
}
