using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using Orders.Api.PlacingAnOrder;
using Orders.Contracts;
using Orders.ReadModels;
using Orders.Web;

namespace Orders.Api.ReferenceData;

/// <summary>GET and PUT of a document, alike for everything that is reference data.</summary>
internal static class ReferenceEndpoints
{
    public static async Task<Results<Ok<T>, ProblemHttpResult>> GetAsync<T>(
        ReferenceStore<T> store, HttpContext http, string id, string missing)
        where T : class, IReferenceDocument
    {
        if (await store.FindAsync(Checked(id), http.RequestAborted) is not { } found)
            return TypedResults.Problem(missing, statusCode: StatusCodes.Status404NotFound);
        http.Response.Headers.ETag = found.ETag;
        return TypedResults.Ok(found.Document);
    }

    public static async Task<Results<Created<T>, Ok<T>, ProblemHttpResult>> PutAsync<T>(
        ReferenceStore<T> store, HttpContext http, string id, Func<T?, T> change)
        where T : class, IReferenceDocument
    {
        var expected = http.Request.Headers[HeaderNames.IfMatch] is [{ Length: > 0 } etag] ? etag : null;
        var (outcome, document, written) = await store.PutAsync(Checked(id), expected, change, http.RequestAborted);
        if (outcome == PutOutcome.NotAsExpected)
            return TypedResults.Problem(
                "It was changed since you read it, or is not there. Read it again, and send what you want with its ETag in If-Match.",
                statusCode: StatusCodes.Status412PreconditionFailed);
        http.Response.Headers.ETag = written;
        return outcome == PutOutcome.Created ? TypedResults.Created(http.Request.Path, document) : TypedResults.Ok(document);
    }

    /// <summary>What both endpoints of such a document say about themselves.</summary>
    public static RouteHandlerBuilder ReadsReference<T>(this RouteHandlerBuilder endpoint, T example) => endpoint
        .Answers(StatusCodes.Status200OK, "The document.", example)
        .AnswersHeader(StatusCodes.Status200OK, "ETag", "Send it as If-Match to change exactly this state.")
        .AnswersProblem(StatusCodes.Status400BadRequest, "The id is not one.")
        .AnswersProblem(StatusCodes.Status404NotFound, "There is none of that id.")
        .AnswersCommonProblems();

    public static RouteHandlerBuilder WritesReference<TRequest, T>(this RouteHandlerBuilder endpoint, TRequest request, T example) => endpoint
        .IsLimited()
        .WithRequestExample(request)
        .Answers(StatusCodes.Status201Created, "It was not there and is now.", example)
        .AnswersHeader(StatusCodes.Status201Created, "ETag", "Send it as If-Match to change exactly this state.")
        .Answers(StatusCodes.Status200OK, "It is as you sent it; the version tells whether that was a change.", example)
        .AnswersHeader(StatusCodes.Status200OK, "ETag", "Send it as If-Match to change exactly this state.")
        .AnswersProblem(StatusCodes.Status400BadRequest, "Fields are wrong; `errors` names each of them by its path. Nothing was stored.")
        .AnswersProblem(StatusCodes.Status412PreconditionFailed, "If-Match was sent, and it is not in that state any more.")
        .AnswersProblem(StatusCodes.Status413PayloadTooLarge, "The body is larger than 64 KB.")
        .AnswersProblem(StatusCodes.Status415UnsupportedMediaType, "The body is not JSON.")
        .AnswersCommonProblems();

    /// <summary>The id.</summary>
    /// <exception cref="InvalidRequestException">It is not one.</exception>
    public static string Checked(string id) => PlaceOrderLimits.Id.Problem(id) is { } problem ? throw InvalidRequestException.Of("id", problem) : id;
}
