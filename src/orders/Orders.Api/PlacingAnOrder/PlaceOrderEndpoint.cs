using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using ChangeFeed.EventStore;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Orders.Api.Customers;
using Orders.Contracts;
using Orders.Domain;
using Orders.PersonalData;
using Orders.Web;

namespace Orders.Api.PlacingAnOrder;

/// <summary>POST /orders.</summary>
internal static class PlaceOrderEndpoint
{
    public static void MapPlaceOrder(this IEndpointRouteBuilder orders) => orders.MapPost("", PlaceAsync)
        .WithName("PlaceOrder")
        .WithSummary("Places an order")
        .WithDescription(
            "The order is stored before the answer is sent; tax, payment and shipping follow on their own. "
            + "A request sent again with the same Idempotency-Key is the same order.")
        .WithRequestExample(Examples.Order)
        .Answers(StatusCodes.Status201Created, "The order was placed.", Examples.Placed)
        .AnswersHeader(StatusCodes.Status201Created, "Location", "Address of the order.")
        .Answers(StatusCodes.Status200OK, "The order had been placed before with this Idempotency-Key.", Examples.Placed)
        .AnswersHeader(StatusCodes.Status200OK, "Location", "Address of the order.")
        .AnswersProblem(StatusCodes.Status400BadRequest, "Fields are wrong; `errors` names each of them by its path. Nothing was stored.")
        .AnswersProblem(StatusCodes.Status409Conflict, "The customer was erased. Nothing was stored.")
        .AnswersProblem(StatusCodes.Status422UnprocessableEntity, "The Idempotency-Key was used before for an order with other content.")
        .AnswersCommonProblems();

    private static async Task<Results<Created<PlacedOrder>, Ok<PlacedOrder>, ProblemHttpResult>> PlaceAsync(
        JsonBody<PlaceOrderRequest> body,
        HttpContext http,
        CosmosEventStore store,
        PersonalDataProtector personal,
        TimeProvider time,
        [FromHeader(Name = IdempotencyKey.Header)]
        [Description("Makes retries of this request the same order: any text of visible ASCII characters that is unique to the order.")]
        [StringLength(IdempotencyKey.MaxLength, MinimumLength = 1), RegularExpression(PlaceOrderLimits.VisiblePattern)]
        string? idempotencyKey = null)
    {
        var key = IdempotencyKey.Read(http.Request.Headers[IdempotencyKey.Header]);
        var id = key is null ? OrderId.New(time.GetUtcNow()) : OrderId.FromIdempotencyKey(key);
        var placed = Placement.Decide(body.Value);
        OrderPlaced @sealed;
        try
        {
            @sealed = await personal.SealAsync(placed, http.RequestAborted);
        }
        catch (CustomerErasedException)
        {
            return ErasureEndpoints.ErasedProblem();
        }

        var answer = new PlacedOrder(id, OrderStatus.Placed, 0);
        try
        {
            await store.AppendAsync(id, CosmosEventStore.NoStream, [@sealed], new AppendContext(OrdersApi.ServiceName), http.RequestAborted);
            return TypedResults.Created($"/orders/{id}", answer);
        }
        catch (WrongExpectedVersionException)
        {
            var first = await store.ReadEventAsync(id, 0, http.RequestAborted);
            if (first?.Data is not OrderPlaced there || !Placement.IsSame(await personal.RevealAsync(there, http.RequestAborted), placed))
                return TypedResults.Problem(
                    $"This {IdempotencyKey.Header} was used before for an order with other content. Use a new key for a new order.",
                    statusCode: StatusCodes.Status422UnprocessableEntity);
            http.Response.Headers.Location = $"/orders/{id}";
            return TypedResults.Ok(answer);
        }
    }
}

/// <summary>What is known of an order the moment it is placed.</summary>
internal sealed record PlacedOrder(
    [property: Description("Id of the order.")] string OrderId,
    [property: Description("Always Placed.")] OrderStatus Status,
    [property: Description("Version of the order's first event.")] long Version);
