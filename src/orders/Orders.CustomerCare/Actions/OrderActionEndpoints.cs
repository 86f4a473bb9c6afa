using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using Orders.CustomerCare.Events;
using Orders.CustomerCare.OrderDetails;
using Orders.Web;
using Orders.Web.Access;

namespace Orders.CustomerCare.Actions;

/// <summary>POST /care/orders/{id}/cancel, /refund and /resend-notification.</summary>
internal static class OrderActionEndpoints
{
    public static void MapOrderActions(this IEndpointRouteBuilder orders)
    {
        orders.Map(OrderAction.Cancel)
            .WithName("CancelOrder")
            .WithSummary("Cancels an order on behalf of the customer")
            .WithDescription("Appends an event that names whoever holds the key. Money that was captured is refunded and the customer is told.")
            .WithRequestExample(ReasonRequest.Example)
            .Answers(StatusCodes.Status200OK, "The order is cancelled.", Examples.Cancelled)
            .AnswersProblem(StatusCodes.Status409Conflict, "It is too late; `detail` says why.");
        orders.Map(OrderAction.Refund)
            .WithName("RefundOrder")
            .WithSummary("Gives back the money of an order that was shipped")
            .WithDescription("Appends an event that names whoever holds the key; payment answers it with the refund, once, however often it is asked for.")
            .WithRequestExample(ReasonRequest.ExampleOf("arrived broken"))
            .Answers(StatusCodes.Status200OK, "The refund is asked for; the order shows it once it is made.", Examples.RefundAskedFor)
            .AnswersProblem(
                StatusCodes.Status409Conflict, "The order has not shipped, nothing was captured, or the money went back already; `detail` says which.");
        orders.Map(OrderAction.ResendNotification)
            .WithName("ResendNotification")
            .WithSummary("Sends the customer the last notice again")
            .WithDescription("Appends an event that names whoever holds the key; notification answers it with the mail.")
            .WithRequestExample(ReasonRequest.ExampleOf("the mail did not arrive"))
            .Answers(StatusCodes.Status200OK, "The notice is asked for; the order shows it once it is sent.", Examples.NoticeAskedFor)
            .AnswersProblem(StatusCodes.Status409Conflict, "No notice was sent yet, or one is about to be; `detail` says which.");
    }

    private static RouteHandlerBuilder Map(this IEndpointRouteBuilder orders, OrderAction action) => orders
        .MapPost($"/{action.Name}", (
                [Description("Id of the order.")] string id, JsonBody<ReasonRequest> body, HttpContext http, OrderActions actions, StoredEvents events,
                TimeProvider time) =>
            DoAsync(action, id, body.Value.Reason, http, actions, events, time))
        .RequireAuthorization(Roles.Operator)
        .AnswersProblem(StatusCodes.Status400BadRequest, "The reason is missing or wrong.")
        .AnswersProblem(StatusCodes.Status404NotFound, "There is no such order.")
        .IsAboutAnOrder();

    private static async Task<Results<Ok<OrderView>, ProblemHttpResult>> DoAsync(
        OrderAction action, string id, string reason, HttpContext http, OrderActions actions, StoredEvents events, TimeProvider time)
    {
        if (!Guid.TryParseExact(id, "D", out var orderId))
            return OrderProblems.NoOrder(id);
        var refusal = await actions.DoAsync(action, orderId.ToString(), http.User.Identity!.Name!, reason, http.RequestAborted);
        if (OrderView.Fold(await events.ReadAsync(orderId.ToString(), http.RequestAborted), time.GetUtcNow()) is not { } order)
            return OrderProblems.NoOrder(id);
        return refusal is null ? TypedResults.Ok(order) : TypedResults.Problem(refusal, statusCode: StatusCodes.Status409Conflict);
    }
}
