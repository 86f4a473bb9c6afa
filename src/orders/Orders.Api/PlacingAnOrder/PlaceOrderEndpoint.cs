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
using Orders.Web.Access;

namespace Orders.Api.PlacingAnOrder;

/// <summary>POST /orders.</summary>
internal static class PlaceOrderEndpoint
{
    public static void MapPlaceOrder(this IEndpointRouteBuilder orders) => orders.MapPost("", PlaceAsync)
        .WithName("PlaceOrder")
        .WithSummary("Places an order")
        .WithDescription(
            "The order is stored before the answer is sent; tax, payment and shipping follow on their own. "
            + "A request sent again by the same caller with the same Idempotency-Key is the same order. Customers order for themselves alone.")
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
        Caller caller,
        CosmosEventStore store,
        PersonalDataProtector personal,
        TimeProvider time,
        [FromHeader(Name = IdempotencyKey.Header)]
        [Description("Makes retries of this request the same order: any visible ASCII characters, unique to the order among the caller's.")]
        [StringLength(IdempotencyKey.MaxLength, MinimumLength = 1), RegularExpression(PlaceOrderLimits.VisiblePattern)]
        string? idempotencyKey = null)
    {
        var key = IdempotencyKey.Read(http.Request.Headers[IdempotencyKey.Header]);
        if (!caller.MayChange(body.Value.CustomerId))
            return OrderProblems.NotAllowed(caller.CustomerId);
        var placed = Placement.Decide(body.Value);
        // An order from before there were callers has an id made of the key alone. Sent again, it is still that order.
        if (key is not null && caller.Id is not null && await IsThereAsync(OrderId.FromIdempotencyKey(key)))
            return Again(OrderId.FromIdempotencyKey(key));

        var id = (key, caller.Id) switch
        {
            (null, _) => OrderId.New(time.GetUtcNow()),
            (_, null) => OrderId.FromIdempotencyKey(key),
            _ => OrderId.FromIdempotencyKey(caller.Id, key),
        };
        OrderPlaced @sealed;
        try
        {
            @sealed = await personal.SealAsync(placed, http.RequestAborted);
        }
        catch (CustomerErasedException)
        {
            return ErasureEndpoints.ErasedProblem();
        }

        try
        {
            await store.AppendAsync(id, CosmosEventStore.NoStream, [@sealed], new AppendContext(OrdersApi.ServiceName), http.RequestAborted);
            return TypedResults.Created($"/orders/{id}", Answer(id));
        }
        catch (WrongExpectedVersionException)
        {
            return await IsThereAsync(id)
                ? Again(id)
                : TypedResults.Problem(
                    $"This {IdempotencyKey.Header} was used before for an order with other content. Use a new key for a new order.",
                    statusCode: StatusCodes.Status422UnprocessableEntity);
        }

        async Task<bool> IsThereAsync(string orderId) =>
            (await store.ReadEventAsync(orderId, 0, http.RequestAborted))?.Data is OrderPlaced there
            && Placement.IsSame(await personal.RevealAsync(there, http.RequestAborted), placed);

        Ok<PlacedOrder> Again(string orderId)
        {
            http.Response.Headers.Location = $"/orders/{orderId}";
            return TypedResults.Ok(Answer(orderId));
        }
    }

    private static PlacedOrder Answer(string id) => new(id, OrderStatus.Placed, 0);
}

/// <summary>What is known of an order the moment it is placed.</summary>
internal sealed record PlacedOrder(
    [property: Description("Id of the order.")] string OrderId,
    [property: Description("Always Placed.")] OrderStatus Status,
    [property: Description("Version of the order's first event.")] long Version);
