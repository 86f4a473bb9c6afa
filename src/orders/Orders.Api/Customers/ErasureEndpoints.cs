using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using Orders.Api.Access;
using Orders.Api.ReferenceData;
using Orders.Contracts;
using Orders.ReadModels;
using Orders.Web;

namespace Orders.Api.Customers;

/// <summary>DELETE /customers/{id}, and how far that is.</summary>
internal static class ErasureEndpoints
{
    public static void MapErasure(this IEndpointRouteBuilder customers)
    {
        customers.MapDelete("/{id}", DeleteAsync)
            .IsLimited()
            .WithName("EraseCustomer").WithSummary("Erases a customer")
            .WithDescription(
                "Everything personal becomes unreadable for good, in events too: the key it is sealed with is dropped. The customer's orders stay, without them. "
                + "An order on its way is not sent any more, and what was paid for it goes back. Asking again changes nothing.")
            .RequireAuthorization(OrdersPolicies.ChangesCustomer)
            .WithParameterExample("id", "c-1001")
            .Answers(StatusCodes.Status202Accepted, "It is being done, or was done before.", ErasureResponse.Example)
            .AnswersHeader(StatusCodes.Status202Accepted, "Location", "Tells how far it is.")
            .AnswersProblem(StatusCodes.Status400BadRequest, "The id is not one.")
            .AnswersCommonProblems();
        customers.MapGet("/{id}/erasure", GetAsync)
            .WithName("GetErasure").WithSummary("Tells how far the erasure of a customer is")
            .WithParameterExample("id", "c-1001")
            .Answers(StatusCodes.Status200OK, "How far it is.", ErasureResponse.Example)
            .AnswersProblem(StatusCodes.Status400BadRequest, "The id is not one.")
            .AnswersProblem(StatusCodes.Status404NotFound, "Nobody asked for it.")
            .AnswersCommonProblems();
    }

    /// <summary>The answer to whoever wants something stored of an erased customer.</summary>
    public static ProblemHttpResult ErasedProblem() => TypedResults.Problem(
        "This customer was erased, so nothing can be stored of them any more. Use another customer id.", statusCode: StatusCodes.Status409Conflict);

    private static async Task<Accepted<ErasureResponse>> DeleteAsync(
        [Description("Id of the customer.")] string id, HttpContext http, ReferenceStore<CustomerDocument> customers, ErasureReader erasures, TimeProvider time)
    {
        var now = time.GetUtcNow();
        // The marker is all that is done here: whoever follows the feed of customers sees to the rest, and goes on wherever it is stopped.
        var (_, marker, _) = await customers.PutAsync(
            ReferenceEndpoints.Checked(id),
            null,
            current => current is { ErasedAt: not null }
                ? current : new CustomerDocument(id, (current?.Version ?? 0) + 1, PersonalFields.Erased, now, ErasedAt: now),
            http.RequestAborted);
        return TypedResults.Accepted($"/customers/{id}/erasure", await erasures.ReadAsync(id, marker!.ErasedAt!.Value, http.RequestAborted));
    }

    private static async Task<Results<Ok<ErasureResponse>, ProblemHttpResult>> GetAsync(
        [Description("Id of the customer.")] string id, HttpContext http, ReferenceStore<CustomerDocument> customers, ErasureReader erasures) =>
        (await customers.FindAsync(ReferenceEndpoints.Checked(id), http.RequestAborted))?.Document.ErasedAt is { } requestedAt
            ? TypedResults.Ok(await erasures.ReadAsync(id, requestedAt, http.RequestAborted))
            : TypedResults.Problem("Nobody asked to erase this customer.", statusCode: StatusCodes.Status404NotFound);
}

/// <summary>How far an erasure is.</summary>
internal sealed record ErasureResponse
{
    public static ErasureResponse Example { get; } = new()
    {
        CustomerId = "c-1001",
        RequestedAt = new DateTimeOffset(2026, 3, 14, 15, 9, 26, TimeSpan.Zero),
        KeyDroppedAt = new DateTimeOffset(2026, 3, 14, 15, 9, 26, 40, TimeSpan.Zero),
        Orders = 3,
        DoneAt = new DateTimeOffset(2026, 3, 14, 15, 9, 37, TimeSpan.Zero),
        DocumentsDeleted = 0,
    };

    public required string CustomerId { get; init; }

    [Description("When it was asked for, UTC.")]
    public required DateTimeOffset RequestedAt { get; init; }

    [Description("When what is stored became unreadable, UTC; a process that has just read it may for 30 more seconds.")]
    public DateTimeOffset? KeyDroppedAt { get; init; }

    [Description("Orders marked so far.")]
    public required int Orders { get; init; }

    [Description("When every order was marked, UTC.")]
    public DateTimeOffset? DoneAt { get; init; }

    [Description("Documents of views that the store has deleted since, their time being over; there is an audit record of each.")]
    public required int DocumentsDeleted { get; init; }
}
