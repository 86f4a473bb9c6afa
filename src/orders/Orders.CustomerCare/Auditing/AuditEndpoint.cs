using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using Orders.Web;
using Orders.Web.Access;

namespace Orders.CustomerCare.Auditing;

/// <summary>GET /care/audit, and what the other endpoints tell the trail.</summary>
internal static class AuditEndpoint
{
    private static readonly DateTimeOffset At = new(2026, 3, 14, 15, 9, 26, TimeSpan.Zero);

    private static AuditRecords Example { get; } = new(
        [
            new AuditRecord
            {
                Id = "0199aa3f-d0c1-7b6f-9a3e-5c2d1b4f6a80", Subject = AuditSubject.Order(Examples.OrderId), Who = "ada", At = At.AddSeconds(40),
                    Action = "refund",
                Why = "arrived broken", Outcome = "done",
            },
            new AuditRecord { Id = "5c1f3a52-7f0e-5a55-9d3b-0c8e5a9d2f10", Subject = AuditSubject.Order(Examples.OrderId), Who = "ada", At = At,
                Action = "read-order" },
        ],
        null);

    public static void MapAudit(this IEndpointRouteBuilder care) => care.MapGet("/audit", FindAsync)
        .WithTags("Audit")
        .WithName("GetAudit")
        .WithSummary("Shows who did what and why, and who looked at personal data")
        .WithDescription("With a subject it is one query of one partition. That somebody looks is kept once a minute.")
        .RequireAuthorization(Roles.Operator)
        .WithParameterExample("subject", AuditSubject.Order(Examples.OrderId))
        .Answers(StatusCodes.Status200OK, "The records, the latest first.", Example)
        .AnswersProblem(StatusCodes.Status400BadRequest, "from or to is no time.")
        .IsCare();

    private static async Task<Ok<AuditRecords>> FindAsync(
        AuditTrail audit,
        CancellationToken cancellationToken,
        [Description("Only what is about this: `order/…`, `service/…`, `batch/…`, `shopper`, or `search/…` and the day.")] string? subject = null,
        [Description("Only what the holder of this key did.")] string? who = null,
        [Description("Only what happened at this time or later, ISO 8601.")] string? from = null,
        [Description("Only what happened before this time, ISO 8601.")] string? to = null,
        [Description("`next` of the page before.")] string? before = null) =>
        TypedResults.Ok(
            await audit.FindAsync(new AuditQuery(subject, who, QueryValue.Time("from", from), QueryValue.Time("to", to), before), cancellationToken));

    /// <summary>Keeps who was shown an order, before they are.</summary>
    public static RouteHandlerBuilder ShowsOrder(this RouteHandlerBuilder endpoint, string action) => endpoint.AddEndpointFilter(async (context, next) =>
    {
        var result = await next(context);
        var http = context.HttpContext;
        var shown = result is INestedHttpResult { Result: var nested } ? nested : result;
        if (shown is IStatusCodeHttpResult { StatusCode: StatusCodes.Status200OK })
            await http.RequestServices.GetRequiredService<AuditTrail>().RecordAccessAsync(
                AuditSubject.Stream((string)http.GetRouteValue("id")!), http.User.Identity!.Name!, action, http.RequestAborted);
        return result;
    });
}
