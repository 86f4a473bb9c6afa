using System.ComponentModel;
using System.Globalization;
using ChangeFeed.EventStore;
using Microsoft.AspNetCore.Http.HttpResults;
using Orders.Contracts;
using Orders.Web;
using Orders.Web.Access;

namespace Orders.Api.ReadingAnOrder;

/// <summary>GET /orders/{id}.</summary>
internal static class GetOrderEndpoint
{
    private const string ViewVersion = "X-View-Version";

    public static void MapGetOrder(this IEndpointRouteBuilder orders) => orders.MapGet("/{id}", GetAsync)
        .WithName("GetOrder")
        .WithSummary("Tells where an order stands")
        .WithDescription(
            "Read from a view that follows the order's events by a few milliseconds, with the events on top that it has not seen yet: who has just "
            + "changed the order sees that change, and no answer is older than one before. minVersion waits for something that is still to happen. "
            + "With atVersion or at, the order as it was then, folded from its events.")
        .WithParameterExample("id", OrdersApi.ExampleId)
        .WithWholeNumber("minVersion", least: 0)
        .WithWholeNumber("atVersion", least: 0)
        .WithParameterExample("at", "2026-03-14T15:09:26Z")
        .Answers(StatusCodes.Status200OK, "The order.", Examples.Status)
        .AnswersHeader(StatusCodes.Status200OK, ViewVersion, "Version the view has reached for this order; -1 when it has not seen it yet.")
        .AnswersProblem(
            StatusCodes.Status400BadRequest,
            "minVersion or atVersion is not a whole number of at least 0, at is not a time, or more than one of them is given.")
        .AnswersProblem(StatusCodes.Status404NotFound, "There is no such order or it is another customer's, has no such version, or was not placed by then.")
        .AnswersCommonProblems();

    private static async Task<Results<Ok<OrderStatusResponse>, ProblemHttpResult>> GetAsync(
        [Description("Id of the order.")] string id,
        HttpContext http,
        Caller caller,
        OrderStatusReader view,
        LatestEvents latest,
        CosmosEventStore store,
        [Description("Wait, for at most 5 seconds, until the view has reached this version.")] string? minVersion = null,
        [Description("The order as it was at this version.")] string? atVersion = null,
        [Description("The order as it was at this moment, ISO 8601.")] string? at = null)
    {
        var cancellationToken = http.RequestAborted;
        var wantedVersion = QueryValue.Whole("minVersion", minVersion, least: 0);
        var past = PastOrder.Moment(QueryValue.Whole("atVersion", atVersion, least: 0), QueryValue.Time("at", at), wantedVersion);
        if (OrderId.Parse(id) is not { } orderId)
            return OrderProblems.NotFound(id);
        if (past is { } moment)
            return PastOrder.Answer(id, moment, await store.ReadStreamAsync(orderId, cancellationToken), caller);

        var order = await view.ReadAsync(orderId, cancellationToken);
        var customer = order?.CustomerId ?? ((await store.ReadEventAsync(orderId, 0, cancellationToken))?.Data as OrderPlaced)?.CustomerId;
        if (customer is null || !caller.MayRead(customer))
            return OrderProblems.NotFound(id); // before any waiting: nobody waits for what does not exist, or is somebody else's
        if (wantedVersion is { } wanted && !(order?.Version >= wanted))
            order = await view.ReadAsync(orderId, wanted, cancellationToken);

        http.Response.Headers[ViewVersion] = (order?.Version ?? -1).ToString(CultureInfo.InvariantCulture);
        order = await latest.AddAsync(orderId, order, cancellationToken);
        return order is null ? OrderProblems.NotFound(id) : TypedResults.Ok(OrderStatusResponse.From(order));
    }
}
