using System.ComponentModel;
using System.Text.Json;
using ChangeFeed.MassTransit;
using Microsoft.AspNetCore.Http.HttpResults;
using Orders.CustomerCare.Actions;
using Orders.CustomerCare.Auditing;
using Orders.CustomerCare.DeadLetters.Batches;
using Orders.CustomerCare.DeadLetters.Corrections;
using Orders.Web;
using Orders.Web.Access;

namespace Orders.CustomerCare.DeadLetters;

/// <summary>A parked order in full.</summary>
public sealed record ParkedOrderAnswer(
    [property: Description("Where it is parked and since when.")] ParkedStream Parked,
    [property: Description("The events put aside, with the documents as they were stored.")] IReadOnlyList<DeadLetter> Letters,
    [property: Description("What was asked for, by whom, and what came of it.")] IReadOnlyList<DeadLetterRequest> Requests);

/// <summary>GET /care/dead-letters, /care/dead-letters/{service}/{id}, and POST …/replay and …/discard.</summary>
internal static class DeadLetterEndpoints
{
    private static readonly DateTimeOffset At = new(2026, 3, 14, 15, 9, 26, TimeSpan.Zero);

    private static ParkedStream Parked { get; } = new()
    {
        Id = $"stream|{Examples.OrderId}",
        Endpoint = "payment",
        StreamId = Examples.OrderId,
        Status = ParkedStreamStatus.Parked,
        Version = 1,
        Waiting = 1,
        Error = "The payment gateway does not answer.",
        ErrorType = "System.TimeoutException",
        EventType = "TaxCalculated",
        ParkedAt = At,
    };

    private static ParkedOrderAnswer Example { get; } = new(
        Parked,
        [
            new DeadLetter
            {
                Id = $"letter|{Examples.OrderId}|1", Endpoint = "payment", StreamId = Examples.OrderId, Status = DeadLetterStatus.Waiting, Version = 1,
                Type = "TaxCalculated", Document = JsonSerializer.SerializeToElement(Examples.Events[1], JsonSerializerOptions.Web),
                Error = new DeadLetterError("System.TimeoutException", "The payment gateway does not answer.", "…"), Attempts = 6, At = At, FailedAt = At,
            },
        ],
        []);

    private static DeadLetterRequest Asked { get; } = new()
    {
        Id = "request|1",
        Endpoint = "payment",
        StreamId = Examples.OrderId,
        Action = DeadLetterAction.Replay,
        By = "ada",
        Reason = "the gateway is back",
        At = At,
    };

    public static void MapDeadLetters(this IEndpointRouteBuilder care)
    {
        var letters = care.MapGroup("/dead-letters").WithTags("Dead letters");
        letters.MapGet("", ListAsync)
            .WithName("GetParkedOrders")
            .WithSummary("Shows the orders that are parked, those parked longest first")
            .WithDescription($"At most {ParkedOrders.Most} of them.")
            .Answers<IReadOnlyList<ParkedStream>>(StatusCodes.Status200OK, "The parked orders.", [Parked])
            .AnswersProblem(StatusCodes.Status400BadRequest, "from or to is no time, or another value is too long.")
            .IsCare();
        letters.MapBatches();
        letters.MapCorrection(Example.Letters[0]);
        letters.MapGet("/{service}/{id}", GetAsync)
            .WithName("GetParkedOrder")
            .WithSummary("Shows why an order is parked, what waits, and what was asked for")
            .ShowsOrder("read-letters")
            .Answers(StatusCodes.Status200OK, "The parked order.", Example)
            .IsAboutAParkedOrder();
        letters.MapPost("/{service}/{id}/replay", ReplayAsync)
            .WithName("ReplayParkedOrder")
            .WithSummary("Asks the service to handle what waits again, in order")
            .WithDescription("Carried out within seconds by the instance that owns the order; `requests` of the parked order tells what came of it.")
            .WithRequestExample(ReasonRequest.ExampleOf("the gateway is back"))
            .RequireAuthorization(Roles.Operator)
            .Answers(StatusCodes.Status202Accepted, "It was asked for.", Asked)
            .AnswersProblem(StatusCodes.Status400BadRequest, "The reason is missing or wrong.")
            .IsAboutAParkedOrder();
        letters.MapPost("/{service}/{id}/discard", DiscardAsync)
            .WithName("DiscardParkedOrder")
            .WithSummary("Asks the service to give up what waits; the order then goes on with what comes later")
            .WithRequestExample(ReasonRequest.ExampleOf("an order of a test"))
            .RequireAuthorization(Roles.Operator)
            .Answers(StatusCodes.Status202Accepted, "It was asked for.", Asked with { Action = DeadLetterAction.Discard })
            .AnswersProblem(StatusCodes.Status400BadRequest, "The reason is missing or wrong.")
            .IsAboutAParkedOrder();
    }

    private static void IsAboutAParkedOrder(this RouteHandlerBuilder endpoint) => endpoint
        .WithParameterExample("service", "payment")
        .WithParameterExample("id", Examples.OrderId)
        .AnswersProblem(StatusCodes.Status404NotFound, "This order was never parked at this service.")
        .IsCare();

    private static async Task<Ok<IReadOnlyList<ParkedStream>>> ListAsync(
        ParkedOrders parked,
        CancellationToken cancellationToken,
        [Description("Only those parked at this service.")] string? service = null,
        [Description("Only those that failed with an exception of this type, with or without its namespace.")] string? errorType = null,
        [Description("Only those whose error has this text in it.")] string? text = null,
        [Description("Only those at which an event of this type failed.")] string? eventType = null,
        [Description("Only those parked at this time or later, ISO 8601.")] string? from = null,
        [Description("Only those parked before this time, ISO 8601.")] string? to = null) =>
        TypedResults.Ok(await parked.ReadAsync(ParkedFilter.Of(service, errorType, text, eventType, from, to), cancellationToken));

    private static async Task<Results<Ok<ParkedOrderAnswer>, ProblemHttpResult>> GetAsync(
        [Description("Where it is parked.")] string service, [Description("Id of the order.")] string id, DeadLetterClient deadLetters,
        CancellationToken cancellationToken) =>
        await deadLetters.StreamAsync(service, id, cancellationToken) is { } parked
            ? TypedResults.Ok(new ParkedOrderAnswer(
                parked, await deadLetters.LettersAsync(service, id, cancellationToken), await deadLetters.RequestsAsync(service, id, cancellationToken)))
            : NeverParked(service, id);

    private static async Task<Results<Accepted<DeadLetterRequest>, ProblemHttpResult>> ReplayAsync(
        [Description("Where it is parked.")] string service, [Description("Id of the order.")] string id, JsonBody<ReasonRequest> body, HttpContext http,
        DeadLetterClient deadLetters, ParkedOrderActions actions) =>
        await deadLetters.StreamAsync(service, id, http.RequestAborted) is null
            ? NeverParked(service, id)
            : Accepted(await actions.AskAsync(DeadLetterAction.Replay, service, id, http.User.Identity!.Name!, body.Value.Reason, http.RequestAborted));

    private static async Task<Results<Accepted<DeadLetterRequest>, ProblemHttpResult>> DiscardAsync(
        [Description("Where it is parked.")] string service, [Description("Id of the order.")] string id, JsonBody<ReasonRequest> body, HttpContext http,
        DeadLetterClient deadLetters, ParkedOrderActions actions) =>
        await deadLetters.StreamAsync(service, id, http.RequestAborted) is null
            ? NeverParked(service, id)
            : Accepted(await actions.AskAsync(DeadLetterAction.Discard, service, id, http.User.Identity!.Name!, body.Value.Reason, http.RequestAborted));

    private static Accepted<DeadLetterRequest> Accepted(DeadLetterRequest request) =>
        TypedResults.Accepted($"/care/dead-letters/{request.Endpoint}/{Uri.EscapeDataString(request.StreamId)}", request);

    private static ProblemHttpResult NeverParked(string service, string id) => OrderProblems.NotFound($"Order '{id}' was never parked at '{service}'.");
}
