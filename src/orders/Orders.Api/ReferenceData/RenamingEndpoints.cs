using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using Orders.Contracts;
using Orders.ReadModels;
using Orders.Web;
using Orders.Web.Access;

namespace Orders.Api.ReferenceData;

/// <summary>GET /customers/{id}/renaming and /products/{id}/renaming.</summary>
internal static class RenamingEndpoints
{
    public static void MapCustomerRenaming(this IEndpointRouteBuilder customers) => customers
        .MapGet("/{id}/renaming", (
            [Description("Id of the customer.")] string id, HttpContext http, ReferenceStore<CustomerDocument> store, RenamingReader renamings) =>
            GetAsync(ReferenceKind.Customer, id, http, store, renamings, "There is no customer of that id."))
        .WithName("GetCustomerRenaming").WithSummary("Tells how far the latest change of a customer has come in their open orders")
        .WithParameterExample("id", "c-1001")
        .Describe();

    public static void MapProductRenaming(this IEndpointRouteBuilder products) => products
        .MapGet("/{id}/renaming", (
            [Description("The sku.")] string id, HttpContext http, ReferenceStore<ProductDocument> store, RenamingReader renamings) =>
            GetAsync(ReferenceKind.Product, id, http, store, renamings, "There is no product of that sku."))
        .RequireAuthorization(Roles.Reader)
        .WithName("GetProductRenaming").WithSummary("Tells how far the latest name of a product has come in open orders")
        .WithParameterExample("id", "KB-01")
        .Describe();

    private static void Describe(this RouteHandlerBuilder endpoint) => endpoint
        .Answers(StatusCodes.Status200OK, "How far it is.", RenamingResponse.Example)
        .AnswersProblem(StatusCodes.Status400BadRequest, "The id is not one.")
        .AnswersProblem(StatusCodes.Status404NotFound, "There is none of that id.")
        .AnswersCommonProblems();

    private static async Task<Results<Ok<RenamingResponse>, ProblemHttpResult>> GetAsync<T>(
        ReferenceKind kind, string id, HttpContext http, ReferenceStore<T> store, RenamingReader renamings, string missing)
        where T : class, IReferenceDocument =>
        await store.FindAsync(ReferenceEndpoints.Checked(id), http.RequestAborted) is { } found
            ? TypedResults.Ok(RenamingResponse.From(found.Document, await renamings.FindAsync(new(kind, id), http.RequestAborted)))
            : TypedResults.Problem(missing, statusCode: StatusCodes.Status404NotFound);
}
