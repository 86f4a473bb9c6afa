using System.ComponentModel;
using ChangeFeed.MassTransit;
using Microsoft.AspNetCore.Http.HttpResults;
using Orders.Web;
using Orders.Web.Access;

namespace Orders.CustomerCare.DeadLetters.Batches;

/// <summary>POST /care/dead-letters/replay and /discard, GET /care/dead-letters/batches and /batches/{id}.</summary>
internal static class BatchEndpoints
{
    private const string Changed = "Other orders would be touched by now than in the dry run of this token: run it dry again, and look at what it says.";

    private static readonly DateTimeOffset At = new(2026, 3, 14, 15, 9, 26, TimeSpan.Zero);

    private static BatchPreview Preview { get; } = new(
        DeadLetterAction.Replay, 1, [new BatchShare("payment", 1)], [new ParkedKey("payment", Examples.OrderId, At)],
        "8de8175c3b6f700.5f0c2b9d4a7e81c36d2f90ab");

    private static BatchView Running { get; } = new()
    {
        Id = "0199aa3fd0c17b6f9a3e5c2d1b4f6a80",
        Action = DeadLetterAction.Replay,
        Filter = BatchRequest.Example.Filter with { To = At.AddMinutes(3) },
        By = "ada",
        Reason = "the gateway is back",
        At = At.AddMinutes(4),
        Total = 1200,
        Done = 380,
        Failed = 2,
        Open = 200,
        Settled = 395,
        Rate = 38.2,
        SecondsLeft = 21.4,
        Failures = [new BatchFailure("payment", Examples.OrderId, "Version 1 failed again: The payment gateway does not answer.")],
    };

    public static void MapBatches(this RouteGroupBuilder letters)
    {
        letters.MapStart(DeadLetterAction.Replay)
            .WithName("ReplayParkedOrders")
            .WithSummary("Asks the services to handle what waits again, for all parked orders that match");
        letters.MapStart(DeadLetterAction.Discard)
            .WithName("DiscardParkedOrders")
            .WithSummary("Asks the services to give up what waits, for all parked orders that match");
        letters.MapGet(
            "/batches", async (BatchService batches, CancellationToken cancellationToken) => TypedResults.Ok(await batches.LatestAsync(cancellationToken)))
            .WithName("GetBatches")
            .WithSummary("Shows the latest replays and discards of many orders")
            .Answers<IReadOnlyList<BatchView>>(StatusCodes.Status200OK, "The batches, the latest first.", [Running])
            .IsCare();
        letters.MapGet("/batches/{id}", GetAsync)
            .WithName("GetBatch")
            .WithSummary("Shows how far a replay or discard of many orders is")
            .WithParameterExample("id", Running.Id)
            .Answers(StatusCodes.Status200OK, "The batch.", Running)
            .AnswersProblem(StatusCodes.Status404NotFound, "There is no such batch.")
            .IsCare();
    }

    private static RouteHandlerBuilder MapStart(this RouteGroupBuilder letters, DeadLetterAction action) => letters
        .MapPost(
            $"/{action.ToString().ToLowerInvariant()}",
            (JsonBody<BatchRequest> body, HttpContext http, BatchService batches) => StartAsync(action, body.Value, http, batches))
        .WithDescription(
            "At first it only says how many orders, and which, it would touch. With `dryRun: false` and the token of that answer it starts, and goes on by itself whatever is restarted.")
        .WithRequestExample(BatchRequest.Example)
        .RequireAuthorization(Roles.Operator)
        .Answers(StatusCodes.Status200OK, "What it would touch.", Preview with { Action = action })
        .Answers(StatusCodes.Status202Accepted, "It was started.",
            Running with { Action = action, Done = 0, Failed = 0, Open = 0, Settled = 0, Rate = null, SecondsLeft = null, Failures = [] })
        .AnswersHeader(StatusCodes.Status202Accepted, "Location", "Where its progress is.")
        .AnswersProblem(StatusCodes.Status400BadRequest, "A field is wrong, or the token or the reason is missing.")
        .AnswersProblem(StatusCodes.Status409Conflict, "Other orders would be touched by now.")
        .IsCare();

    private static async Task<Results<Ok<BatchPreview>, Accepted<BatchView>, ProblemHttpResult>> StartAsync(
        DeadLetterAction action, BatchRequest request, HttpContext http, BatchService batches)
    {
        if (request.DryRun != false)
            return TypedResults.Ok(await batches.PreviewAsync(action, request.Filter, http.RequestAborted));
        var batch = await batches.StartAsync(action, request.Filter, request.Token!, http.User.Identity!.Name!, request.Reason, http.RequestAborted);
        return batch is null
            ? TypedResults.Problem(Changed, statusCode: StatusCodes.Status409Conflict)
            : TypedResults.Accepted($"/care/dead-letters/batches/{batch.Id}", BatchView.Of(batch));
    }

    private static async Task<Results<Ok<BatchView>, ProblemHttpResult>> GetAsync(
        [Description("Id of the batch.")] string id, BatchService batches, CancellationToken cancellationToken) =>
        await batches.ReadAsync(id, cancellationToken) is { } batch ? TypedResults.Ok(batch) : OrderProblems.NotFound($"There is no batch '{id}'.");
}
