using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using OrderPipeline.CustomerCare.Access;
using OrderPipeline.CustomerCare.Events;
using OrderPipeline.CustomerCare.Orders;
using OrderPipeline.ServiceDefaults.Api;

namespace OrderPipeline.CustomerCare.Actions;

/// <summary>POST /care/orders/{id}/cancel.</summary>
internal static class CancelEndpoint
{
    public static void MapCancel(this IEndpointRouteBuilder orders) => orders.MapPost("/cancel", CancelAsync)
        .WithName("CancelOrder")
        .WithSummary("Cancels an order on behalf of the customer")
        .WithDescription("Appends an event that names whoever holds the key. Money that was captured is refunded and the customer is told.")
        .WithRequestExample(ReasonRequest.Example)
        .RequireAuthorization(Roles.Operator)
        .Answers(StatusCodes.Status200OK, "The order is cancelled.", Examples.Order)
        .AnswersProblem(StatusCodes.Status400BadRequest, "The reason is missing or wrong.")
        .AnswersProblem(StatusCodes.Status404NotFound, "There is no such order.")
        .AnswersProblem(StatusCodes.Status409Conflict, "It is too late; `detail` says why.")
        .IsAboutAnOrder();

    private static async Task<Results<Ok<OrderView>, ProblemHttpResult>> CancelAsync(
        [Description("Id of the order.")] string id, JsonBody<ReasonRequest> body, HttpContext http, OrderCancelling orders, StoredEvents events, TimeProvider time)
    {
        if (!Guid.TryParseExact(id, "D", out var orderId))
            return OrderProblems.NoOrder(id);
        var refusal = await orders.CancelAsync(orderId.ToString(), http.User.Identity!.Name!, body.Value.Reason, http.RequestAborted);
        if (OrderView.Fold(await events.ReadAsync(orderId.ToString(), http.RequestAborted), time.GetUtcNow()) is not { } order)
            return OrderProblems.NoOrder(id);
        return refusal is null ? TypedResults.Ok(order) : TypedResults.Problem(refusal, statusCode: StatusCodes.Status409Conflict);
    }
}
