using System.ComponentModel;
using ChangeFeed.EventStore;
using Microsoft.AspNetCore.Http.HttpResults;
using Orders.Contracts;
using Orders.Domain;
using Orders.Web;
using Orders.Web.Access;

namespace Orders.Api.CancellingAnOrder;

/// <summary>POST /orders/{id}/cancel.</summary>
internal static class CancelOrderEndpoint
{
    public static void MapCancelOrder(this IEndpointRouteBuilder orders) => orders.MapPost("/{id}/cancel", CancelAsync)
        .WithName("CancelOrder")
        .WithSummary("Cancels an order that has not been shipped")
        .WithDescription(
            "Cancelling and shipping race; exactly one of them wins. Money that was captured is refunded. "
            + "Cancelling a cancelled order changes nothing and gives the same answer.")
        .WithParameterExample("id", OrdersApi.ExampleId)
        .WithRequestExample(Examples.Cancel)
        .Answers(StatusCodes.Status202Accepted, "The order is cancelled; the refund, where there is one, and the notice follow.", Examples.Cancelled)
        .AnswersProblem(StatusCodes.Status400BadRequest, "Fields are wrong; `errors` names each of them by its path.")
        .AnswersProblem(StatusCodes.Status404NotFound, "There is no such order, or it is another customer's.")
        .AnswersProblem(StatusCodes.Status409Conflict, "The order was shipped, declined or rejected; `detail` says which.")
        .AnswersCommonProblems();

    private static async Task<Results<Accepted<CancelledOrder>, ProblemHttpResult>> CancelAsync(
        [Description("Id of the order.")] string id,
        JsonBody<CancelOrderRequest> body,
        Caller caller,
        CosmosEventStore store,
        CancellationToken cancellationToken)
    {
        if (OrderId.Parse(id) is not { } orderId)
            return OrderProblems.NotFound(id);
        var decided = await store.DecideAsync(
            orderId, stream => Decide(stream, body.Value.Reason, caller), new AppendContext(OrdersApi.ServiceName), cancellationToken);
        return decided.Result switch
        {
            CancelDecision.NoOrder => OrderProblems.NotFound(id),
            CancelDecision.NotAllowed => OrderProblems.NotAllowed(),
            CancelDecision.Refuse refused => TypedResults.Problem(refused.Reason, statusCode: StatusCodes.Status409Conflict),
            CancelDecision.AlreadyCancelled cancelled => Accepted(orderId, cancelled.Version),
            _ => Accepted(orderId, decided.Events[0].Version),
        };
    }

    private static Decision<CancelDecision> Decide(IReadOnlyList<RecordedEvent> stream, string reason, Caller caller)
    {
        var decision = Cancellation.Decide(stream, reason, caller);
        return decision is CancelDecision.Cancel cancel ? new(decision, cancel.Event) : new(decision);
    }

    private static Accepted<CancelledOrder> Accepted(string id, long version) =>
        TypedResults.Accepted($"/orders/{id}", new CancelledOrder(id, OrderStatus.Cancelled, version));
}

/// <summary>A cancelled order.</summary>
internal sealed record CancelledOrder(
    [property: Description("Id of the order.")] string OrderId,
    [property: Description("Always Cancelled.")] OrderStatus Status,
    [property: Description("Version of the event that cancelled it.")] long Version);
