using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using Orders.CustomerCare.Auditing;
using Orders.Web;

namespace Orders.CustomerCare.Events;

/// <summary>GET /care/orders/{id}/events and /care/orders/{id}/events/{version}.</summary>
internal static class EventsEndpoints
{
    public static void MapEvents(this IEndpointRouteBuilder orders) => orders.MapGet("/events", GetEventsAsync)
        .WithName("GetEvents")
        .WithSummary("Shows everything that happened to an order, in order")
        .WithDescription("Each event as it is stored. Where there are more than asked for, the header Link leads to the next ones.")
        .ShowsOrder("read-events")
        .WithWholeNumber("from", least: 0)
        .WithWholeNumber("limit", least: 1, most: StoredEvents.MaxEvents)
        .Answers<IReadOnlyList<StoredEvent>>(StatusCodes.Status200OK, "The events.", Examples.Events)
        .AnswersHeader(StatusCodes.Status200OK, "Link", "Address of the next events, with rel=\"next\"; absent at the end.")
        .AnswersProblem(StatusCodes.Status400BadRequest, "from or limit is no whole number within its limits.")
        .AnswersProblem(StatusCodes.Status404NotFound, "There is no such order.")
        .IsAboutAnOrder();

    public static void MapEvent(this IEndpointRouteBuilder orders) => orders.MapGet("/events/{version}", GetEventAsync)
        .WithName("GetEvent")
        .WithSummary("Shows one event")
        .ShowsOrder("read-events")
        .WithWholeNumber("version", least: 0)
        .WithParameterExample("version", 1)
        .Answers(StatusCodes.Status200OK, "The event as it is stored.", Examples.Events[1])
        .AnswersProblem(StatusCodes.Status400BadRequest, "version is no whole number of at least 0.")
        .AnswersProblem(StatusCodes.Status404NotFound, "There is no such order, or it has no such event.")
        .IsAboutAnOrder();

    private static async Task<Results<Ok<IReadOnlyList<StoredEvent>>, ProblemHttpResult>> GetEventsAsync(
        [Description("Id of the order.")] string id,
        HttpContext http,
        StoredEvents events,
        [Description("First version wanted; 0 when left out.")] string? from = null,
        [Description("Most events wanted; 1000 when left out.")] string? limit = null)
    {
        var first = QueryValue.Whole("from", from, least: 0) ?? 0;
        var most = (int)(QueryValue.Whole("limit", limit, least: 1, most: StoredEvents.MaxEvents) ?? StoredEvents.MaxEvents);
        if (!Guid.TryParseExact(id, "D", out var orderId))
            return OrderProblems.NoOrder(id);

        var found = await events.ReadAsync(orderId.ToString(), first, most + 1, http.RequestAborted);
        if (found.Count == 0 && (first == 0 || await events.ReadEventAsync(orderId.ToString(), 0, http.RequestAborted) is null))
            return OrderProblems.NoOrder(id);
        if (found.Count <= most)
            return TypedResults.Ok(found);
        http.Response.Headers.Link = $"<{http.Request.PathBase}{http.Request.Path}?from={found[most].Version}&limit={most}>; rel=\"next\"";
        return TypedResults.Ok<IReadOnlyList<StoredEvent>>([.. found.Take(most)]);
    }

    private static async Task<Results<Ok<StoredEvent>, ProblemHttpResult>> GetEventAsync(
        [Description("Id of the order.")] string id,
        [Description("Place of the event in the order's stream.")] string version,
        StoredEvents events,
        CancellationToken cancellationToken)
    {
        var wanted = QueryValue.Whole("version", version, least: 0)!.Value;
        if (!Guid.TryParseExact(id, "D", out var orderId))
            return OrderProblems.NoOrder(id);
        return await events.ReadEventAsync(orderId.ToString(), wanted, cancellationToken) is { } found
            ? TypedResults.Ok(found)
            : OrderProblems.NotFound($"There is no order '{id}' with an event {wanted}.");
    }
}
