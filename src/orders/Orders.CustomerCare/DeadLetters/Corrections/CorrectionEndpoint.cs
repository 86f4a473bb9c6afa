using System.ComponentModel;
using ChangeFeed.MassTransit;
using Microsoft.AspNetCore.Http.HttpResults;
using Orders.Web;
using Orders.Web.Access;

namespace Orders.CustomerCare.DeadLetters.Corrections;

/// <summary>An event that waits, and what was corrected in it.</summary>
public sealed record CorrectionAnswer(
    [property: Description("What was put aside, with the document as it was stored, and its corrections, the latest last.")] DeadLetter Letter,
    [property: Description("What the latest correction changes.")] IReadOnlyList<DataChange> Changes);

/// <summary>POST /care/dead-letters/{service}/{id}/{version}/correct.</summary>
internal static class CorrectionEndpoint
{
    public static void MapCorrection(this RouteGroupBuilder letters, DeadLetter letter) => letters
        .MapPost("/{service}/{id}/{version}/correct", CorrectAsync)
        .WithName("CorrectParkedEvent")
        .WithSummary("Keeps other data for an event that waits, which a replay hands to the service in place of the stored")
        .WithDescription("The original stays in the letter, and the event in its stream. Nothing is handled yet: replay the order then.")
        .WithParameterExample("service", "payment")
        .WithParameterExample("id", Examples.OrderId)
        .WithParameterExample("version", "1")
        .WithRequestExample(CorrectionRequest.Example)
        .RequireAuthorization(Roles.Operator)
        .Answers(StatusCodes.Status200OK, "The letter, and what is changed.", new CorrectionAnswer(letter, [new DataChange("rate", "0.91", "0.19")]))
        .AnswersProblem(StatusCodes.Status400BadRequest, "The data is none of this event, or the reason is missing.")
        .AnswersProblem(StatusCodes.Status404NotFound, "No such event waits at this service.")
        .IsCare();

    private static async Task<Results<Ok<CorrectionAnswer>, ProblemHttpResult>> CorrectAsync(
        [Description("Where it is parked.")] string service, [Description("Id of the order.")] string id,
        [Description("Version of the event.")] string version, JsonBody<CorrectionRequest> body, HttpContext http, CorrectionActions actions)
    {
        var number = QueryValue.Whole("version", version, 0)!.Value;
        return await actions.FindAsync(service, id, number, http.RequestAborted) is { } letter
            && await actions.CorrectAsync(service, letter, body.Value.Data, http.User.Identity!.Name!, body.Value.Reason, http.RequestAborted) is { } corrected
            ? TypedResults.Ok(new CorrectionAnswer(corrected, CorrectionActions.ChangesOf(corrected)))
            : OrderProblems.NotFound($"Event {number} of order '{id}' does not wait at '{service}'.");
    }
}
