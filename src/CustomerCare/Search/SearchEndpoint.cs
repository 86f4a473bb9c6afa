using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using OrderPipeline.Contracts;
using OrderPipeline.CustomerCare.Auditing;
using OrderPipeline.ServiceDefaults.Api;

namespace OrderPipeline.CustomerCare.Search;

/// <summary>GET /care/search.</summary>
internal static class SearchEndpoint
{
    private const int MaxText = 100;

    public static void MapSearch(this IEndpointRouteBuilder care) => care.MapGet("/search", FindAsync)
        .WithTags("Orders")
        .WithName("FindOrders")
        .WithSummary("Finds orders by what one knows of them")
        .WithDescription("By the id of the order or of its customer, by tracking number or by sku. An id is one read; everything else asks all partitions of the view.")
        .WithParameterExample("q", "c-1001")
        .Answers(StatusCodes.Status200OK, "The orders, the latest first, and what finding them cost.", Example)
        .AnswersProblem(StatusCodes.Status400BadRequest, "q is missing, or another value is wrong.")
        .IsCare();

    private static FoundOrders Example { get; } = new([OrderStatusDocument.Fold(Examples.Stream)!], null, 2.8);

    private static async Task<Ok<FoundOrders>> FindAsync(
        OrderSearch search,
        AuditTrail audit,
        HttpContext http,
        [Description("What to look for: an id, a tracking number or a sku, as a whole.")] string? q = null,
        [Description("Only orders in this status.")] string? status = null,
        [Description("Only orders placed before this time: `next` of the page before.")] string? before = null)
    {
        if (string.IsNullOrWhiteSpace(q) || q.Length > MaxText)
            throw InvalidRequestException.Of("q", $"Must have 1 to {MaxText} characters.");
        OrderStatus? wanted = status is null ? null
            : Enum.TryParse<OrderStatus>(status, out var known) && Enum.IsDefined(known) ? known
            : throw InvalidRequestException.Of("status", $"Must be one of {string.Join(", ", Enum.GetNames<OrderStatus>())}.");
        await audit.SearchAsync(http.User.Identity!.Name!, q.Trim(), http.RequestAborted);
        return TypedResults.Ok(await search.FindAsync(new OrderQuery(q.Trim(), wanted, QueryValue.Time("before", before)), http.RequestAborted));
    }
}
