using System.ComponentModel;
using ChangeFeed.MassTransit;
using Microsoft.AspNetCore.Http.HttpResults;
using Orders.CustomerCare.Actions;
using Orders.Web;
using Orders.Web.Access;

namespace Orders.CustomerCare.Positions;

/// <summary>Where a service stands.</summary>
public sealed record PositionsAnswer(
    [property: Description("How far it is in each partition.")] IReadOnlyList<PartitionPosition> Partitions,
    [property: Description("The positions that were saved, the latest first.")] IReadOnlyList<SavedPosition> Saved,
    [property: Description("The last move; it is not finished where `finishedAt` is absent. Absent when there was none.")] PositionMove? Move);

/// <summary>GET and POST /care/services/{name}/positions, POST /care/services/{name}/rewind and /skip.</summary>
internal static class PositionEndpoints
{
    private const string Token = "8de8175c3b6f700.5f0c2b9d4a7e81c36d2f90ab";

    private static readonly DateTimeOffset At = new(2026, 3, 14, 15, 9, 26, TimeSpan.Zero);

    private static StoredPosition Stored { get; } = new("0", "", "3FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF", 1170);

    private static SavedPosition Saved { get; } = new()
    {
        Id = $"position.{SaveRequest.Example.Name}",
        Endpoint = "tax",
        Name = SaveRequest.Example.Name,
        By = "ada",
        Reason = SaveRequest.Example.Reason,
        At = At,
        Partitions = [Stored],
    };

    private static PositionMove Move { get; } = new()
    {
        Endpoint = "tax",
        Operation = Token,
        Target = "2026-03-14T14:00:00Z",
        By = "ada",
        Reason = "the rates were wrong",
        At = At,
        Partitions = [Stored],
        FinishedAt = At,
    };

    private static PositionsAnswer Example { get; } = new(
        [
            new PartitionPosition(
                "0", "host-4711-0199aa3fd0c17b6f9a3e5c2d1b4f6a80", At, 1201, new FeedPlace(1201, At.AddSeconds(-3), Examples.OrderId, 0, "OrderPlaced"),
                new FeedPlace(1202, At.AddSeconds(-2), Examples.OrderId, 1, "TaxCalculated"), 3, 2.4),
        ],
        [Saved],
        Move);

    private static PositionPreview Preview { get; } = PositionPreview.Of(new PositionPlan(
        "tax",
        PositionTarget.At(new DateTimeOffset(2026, 3, 14, 14, 0, 0, TimeSpan.Zero)),
        [new PartitionMove("0", 1201, 1170, 31)],
        new FeedTally(31, new Dictionary<string, long> { ["OrderPlaced"] = 12, ["TaxCalculated"] = 19 }, 14, At.AddHours(-1), At, 31.2, true),
        new FeedTally(0, new Dictionary<string, long>(), 0, null, null, 0, true),
        Token));

    public static void MapPositions(this IEndpointRouteBuilder care)
    {
        var service = care.MapGroup("/services/{name}").WithTags("Positions");
        service.MapGet("/positions", GetAsync)
            .WithName("GetPositions")
            .WithSummary("Shows where a service stands in each partition: its number, the events around it, how far behind; what was saved, and the last move")
            .Answers(StatusCodes.Status200OK, "Where it stands.", Example)
            .IsOfAService();
        service.MapPost("/positions", SaveAsync)
            .WithName("SavePosition")
            .WithSummary("Keeps where a service stands under a name")
            .WithRequestExample(SaveRequest.Example)
            .RequireAuthorization(Roles.Operator)
            .Answers(StatusCodes.Status200OK, "What was kept.", Saved)
            .AnswersProblem(StatusCodes.Status400BadRequest, "The name or the reason is wrong.")
            .IsOfAService();
        service.MapPost("/positions/finish", FinishAsync)
            .WithName("FinishMove")
            .WithSummary("Completes a move that was interrupted between two partitions; one that is finished stays as it is")
            .WithRequestExample(ReasonRequest.ExampleOf("customer care was restarted in the middle of it"))
            .RequireAuthorization(Roles.Operator)
            .Answers(StatusCodes.Status200OK, "The move.", Move)
            .AnswersProblem(StatusCodes.Status400BadRequest, "The reason is missing or wrong.")
            .IsOfAService();
        service.MapPost("/rewind", RewindAsync)
            .WithName("RewindService")
            .WithSummary("Lets a service go on at an earlier place: a saved position, a time, an event, or the beginning")
            .WithRequestExample(RewindRequest.Example)
            .MovesAService();
        service.MapPost("/skip", SkipAsync)
            .WithName("SkipService")
            .WithSummary("Lets a service go on with what comes from now on: what is there is never handled")
            .WithRequestExample(SkipRequest.Example)
            .MovesAService();
    }

    private static void MovesAService(this RouteHandlerBuilder endpoint) => endpoint
        .WithDescription(
            "At first it only says what would be handled again or skipped. With `dryRun: false` and the token of that answer it is done, "
            + "whether the service runs or not; sent once more with the same token it completes what was interrupted.")
        .RequireAuthorization(Roles.Operator)
        .Answers(StatusCodes.Status200OK, "What it would do.", Preview)
        .Answers(StatusCodes.Status202Accepted, "It is done; instances follow within seconds.", Move)
        .AnswersProblem(StatusCodes.Status400BadRequest, "There is no such place, the dry run would say something else by now, or the reason is missing.")
        .IsOfAService();

    private static void IsOfAService(this RouteHandlerBuilder endpoint) => endpoint
        .WithParameterExample("name", "tax")
        .AnswersProblem(StatusCodes.Status404NotFound, "There is no such service.")
        .IsCare();

    private static async Task<Results<Ok<PositionsAnswer>, ProblemHttpResult>> GetAsync(
        [Description("Name of the service.")] string name, EndpointPositions positions, CancellationToken cancellationToken) =>
        await positions.ReadAsync(name, cancellationToken) is { } partitions
            ? TypedResults.Ok(new PositionsAnswer(
                partitions, await positions.SavedAsync(name, cancellationToken), await positions.LastMoveAsync(name, cancellationToken)))
            : NoService(name);

    private static async Task<Results<Ok<SavedPosition>, ProblemHttpResult>> SaveAsync(
        [Description("Name of the service.")] string name, JsonBody<SaveRequest> body, HttpContext http, PositionActions actions) =>
        await actions.SaveAsync(name, body.Value.Name, http.User.Identity!.Name!, body.Value.Reason, http.RequestAborted) is { } saved
            ? TypedResults.Ok(saved)
            : NoService(name);

    private static async Task<Results<Ok<PositionMove>, ProblemHttpResult>> FinishAsync(
        [Description("Name of the service.")] string name, JsonBody<ReasonRequest> body, HttpContext http, PositionActions actions) =>
        await actions.FinishAsync(name, http.User.Identity!.Name!, body.Value.Reason, http.RequestAborted) is { } move
            ? TypedResults.Ok(move)
            : OrderProblems.NotFound($"No service '{name}' was ever moved.");

    private static Task<Results<Ok<PositionPreview>, Accepted<PositionMove>, ProblemHttpResult>> RewindAsync(
        [Description("Name of the service.")] string name, JsonBody<RewindRequest> body, HttpContext http, PositionActions actions) =>
        MoveAsync(name, body.Value.Target, body.Value.DryRun, body.Value.Token, body.Value.Reason, http, actions);

    private static Task<Results<Ok<PositionPreview>, Accepted<PositionMove>, ProblemHttpResult>> SkipAsync(
        [Description("Name of the service.")] string name, JsonBody<SkipRequest> body, HttpContext http, PositionActions actions) =>
        MoveAsync(name, body.Value.Target, body.Value.DryRun, body.Value.Token, body.Value.Reason, http, actions);

    private static async Task<Results<Ok<PositionPreview>, Accepted<PositionMove>, ProblemHttpResult>> MoveAsync(
        string name, PositionTarget target, bool? dryRun, string? token, string? reason, HttpContext http, PositionActions actions)
    {
        if (dryRun != false)
            return await actions.PreviewAsync(name, target, http.RequestAborted) is { } preview ? TypedResults.Ok(preview) : NoService(name);
        return await actions.MoveAsync(name, target, token!, http.User.Identity!.Name!, reason, http.RequestAborted) is { } move
            ? TypedResults.Accepted($"/care/services/{Uri.EscapeDataString(name)}/positions", move)
            : NoService(name);
    }

    private static ProblemHttpResult NoService(string name) =>
        OrderProblems.NotFound($"There is no service '{name}'; /care/services lists those there are.");
}
