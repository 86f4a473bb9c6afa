using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using Orders.CustomerCare.Events;
using Orders.CustomerCare.OrderDetails;
using Orders.Web;
using Orders.Web.Access;

namespace Orders.CustomerCare.DeadLetters.Corrections;

/// <summary>POST /care/orders/{id}/events.</summary>
internal static class CorrectionEventEndpoint
{
    public static void MapCorrectionEvent(this IEndpointRouteBuilder orders) => orders.MapPost("/events", AppendAsync)
        .WithName("AppendCorrectionEvent")
        .WithSummary("Appends an event that puts an order right")
        .WithDescription(
            "In the name of whoever holds the key, and only where `after` is the last version still. Every service handles it as any event of its type. "
            + "What is parked waits on: replay or discard it then.")
        .WithRequestExample(CorrectionEventRequest.Example)
        .RequireAuthorization(Roles.Operator)
        .Answers(StatusCodes.Status200OK, "The order with the event.", Examples.Order)
        .AnswersProblem(StatusCodes.Status400BadRequest, "The type, the data or the reason is wrong; `errors` says what.")
        .AnswersProblem(StatusCodes.Status404NotFound, "There is no such order.")
        .AnswersProblem(StatusCodes.Status409Conflict, "The order has gone on since it was looked at.")
        .IsAboutAnOrder();

    private static async Task<Results<Ok<OrderView>, ProblemHttpResult>> AppendAsync(
        [Description("Id of the order.")] string id, JsonBody<CorrectionEventRequest> body, HttpContext http, CorrectionEvents corrections,
        StoredEvents events, TimeProvider time)
    {
        if (!Guid.TryParseExact(id, "D", out var orderId))
            return OrderProblems.NoOrder(id);
        var asked = body.Value;
        var refusal = await corrections.AppendAsync(
            orderId.ToString(), asked.Type, asked.Data, asked.After, http.User.Identity!.Name!, asked.Reason, http.RequestAborted);
        if (refusal is not null && refusal != CorrectionEvents.NoOrder)
            return TypedResults.Problem(refusal, statusCode: StatusCodes.Status409Conflict);
        return refusal is null && OrderView.Fold(await events.ReadAsync(orderId.ToString(), http.RequestAborted), time.GetUtcNow()) is { } order
            ? TypedResults.Ok(order)
            : OrderProblems.NoOrder(id);
    }
}
