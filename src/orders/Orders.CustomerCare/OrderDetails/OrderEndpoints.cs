using System.ComponentModel;
using ChangeFeed.Timers;
using Microsoft.AspNetCore.Http.HttpResults;
using Orders.CustomerCare.Auditing;
using Orders.CustomerCare.DeadLetters;
using Orders.CustomerCare.Events;
using Orders.Web;

namespace Orders.CustomerCare.OrderDetails;

/// <summary>GET /care/orders/{id} and /care/orders/{id}/at.</summary>
internal static class OrderEndpoints
{
    public static void MapOrder(this IEndpointRouteBuilder orders) => orders.MapGet("", GetAsync)
        .WithName("GetOrder")
        .WithSummary("Shows an order as its events tell it, and what is wrong with it")
        .ShowsOrder("read-order")
        .WithDescription("Folded from the events at this moment, so it is never behind them.")
        .Answers(StatusCodes.Status200OK, "The order.", Examples.Order)
        .AnswersProblem(StatusCodes.Status404NotFound, "There is no such order.")
        .IsAboutAnOrder();

    public static void MapOrderAt(this IEndpointRouteBuilder orders) => orders.MapGet("/at", GetAtAsync)
        .WithName("GetOrderAt")
        .WithSummary("Shows an order as it was")
        .ShowsOrder("read-order")
        .WithDescription("At a version or at a time; one of the two.")
        .WithWholeNumber("version", least: 0)
        .Answers(StatusCodes.Status200OK, "The order as it was.", Examples.Order)
        .AnswersProblem(StatusCodes.Status400BadRequest, "Neither or both of version and time are given, or one of them is wrong.")
        .AnswersProblem(StatusCodes.Status404NotFound, "There is no such order, it has no such version, or it was not placed by then.")
        .IsAboutAnOrder();

    private static async Task<Results<Ok<OrderView>, ProblemHttpResult>> GetAsync(
        [Description("Id of the order.")] string id, StoredEvents events, ParkedOrders parked, TimerStore timers, TimeProvider time,
        CancellationToken cancellationToken)
    {
        if (!Guid.TryParseExact(id, "D", out var orderId))
            return OrderProblems.NoOrder(id);
        var looking = parked.OfAsync(orderId.ToString(), cancellationToken);
        var waiting = timers.OfStreamAsync(orderId.ToString(), cancellationToken);
        var stream = await events.ReadAsync(orderId.ToString(), cancellationToken);
        return OrderView.Fold(stream, time.GetUtcNow(), await looking, await waiting) is { } order ? TypedResults.Ok(order) : OrderProblems.NoOrder(id);
    }

    private static async Task<Results<Ok<OrderView>, ProblemHttpResult>> GetAtAsync(
        [Description("Id of the order.")] string id,
        StoredEvents events,
        CancellationToken cancellationToken,
        [Description("Version of the last event to look at.")] string? version = null,
        [Description("The moment to look at, ISO 8601.")] string? time = null)
    {
        var atVersion = QueryValue.Whole("version", version, least: 0);
        var atTime = QueryValue.Time("time", time);
        if (atVersion is null == atTime is null)
            throw InvalidRequestException.Of("version", "Give either version or time.");

        var stream = Guid.TryParseExact(id, "D", out var orderId) ? await events.ReadAsync(orderId.ToString(), cancellationToken) : [];
        if (stream.Count == 0)
            return OrderProblems.NoOrder(id);
        if (atVersion > stream[^1].Version)
            return OrderProblems.NotFound($"The order has no version {atVersion}; its last is {stream[^1].Version}.");

        var past = stream.TakeWhile(e => atTime is null ? e.Version <= atVersion : !(e.Understood?.Meta.At > atTime)).ToList();
        var asOf = atTime ?? past.LastOrDefault()?.Understood?.Meta.At ?? DateTimeOffset.MinValue;
        return OrderView.Fold(past, asOf) is { } order
            ? TypedResults.Ok(order)
            : OrderProblems.NotFound($"The order was placed at {stream[0].Understood?.Meta.At:O}; there is nothing to see before.");
    }
}
