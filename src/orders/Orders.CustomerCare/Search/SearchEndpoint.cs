using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using Orders.Contracts;
using Orders.CustomerCare.Auditing;
using Orders.ReadModels;
using Orders.SearchIndex;
using Orders.Web;

namespace Orders.CustomerCare.Search;

/// <summary>GET /care/search.</summary>
internal static class SearchEndpoint
{
    public static void MapSearch(this IEndpointRouteBuilder care) => care.MapGet("/search", FindAsync)
        .WithTags("Orders")
        .WithName("FindOrders")
        .WithSummary("Finds orders by what one knows of them, or by what happened")
        .WithDescription(
            "Whatever is given has to hold. An id is one read; a customer, an e-mail address, an article, a tracking number and words of a reason are queries of "
            + "one partition each. type and service alone go through the events of the last day, or of the time between from and to, the latest first. "
            + "A page can hold less than there is, when much had to be looked through: as long as there is a next, there is more to be searched. "
            + "An answer costs 2,000 request units or a little more, and a caller may spend 400 a second in the long run; both are settings. "
            + "Of an address that many customers share, the orders of 25 customers at a time are found, by their ids, and the latest first among those.")
        .WithParameterExample("q", "insufficient funds")
        .WithParameterExample("type", nameof(PaymentDeclined))
        .WithParameterExample("service", "payment")
        .WithParameterExample("customer", "c-1001")
        .WithParameterExample("from", "2026-03-14T00:00:00Z")
        .WithParameterExample("to", "2026-03-15T00:00:00Z")
        .Answers(StatusCodes.Status200OK, "The orders, the latest first, and what finding them cost.", Example)
        .AnswersProblem(StatusCodes.Status400BadRequest, "A value is wrong, or two do not go together.")
        .IsCare();

    private static FoundOrdersResponse Example { get; } = new([OrderStatusDocument.Fold(Examples.Stream)!], "5wl3TzrnZ3gDYz2YNjM5MDkxMTc3NjYwMDAwMDAw", 2.8);

    private static async Task<Ok<FoundOrdersResponse>> FindAsync(
        OrderSearch search,
        AuditTrail audit,
        HttpContext http,
        [Description("The id of an order or a customer, an e-mail address, a tracking number or a sku, as a whole; or words of a reason. With a search index: words of articles and reasons, as beginnings and with slips.")] string? q = null,
        [Description("Only orders with an event of this type.")] string? type = null,
        [Description("Only orders of this customer.")] string? customer = null,
        [Description("Only orders in this status.")] string? status = null,
        [Description("Only orders placed since this time, ISO 8601. With nothing but type and service: only events since then.")] string? from = null,
        [Description("Only orders placed, or events, before this time.")] string? to = null,
        [Description("Only orders with an event by this service or agent.")] string? service = null,
        [Description("`next` of the page before.")] string? continuation = null)
    {
        var query = SearchQuery.Parse(q, type, customer, status, from, to, service, continuation);
        await audit.SearchAsync(http.User.Identity!.Name!, query.Subject, http.RequestAborted);
        var found = await search.FindAsync(http.User.Identity!.Name!, query, http.RequestAborted);
        return TypedResults.Ok(new FoundOrdersResponse(found.Orders, found.Next?.ToToken(query.Question), Math.Round(found.RequestCharge, 2), found.Facets));
    }
}

/// <summary>What was found.</summary>
internal sealed record FoundOrdersResponse(
    [property: Description("The orders, the latest first.")] IReadOnlyList<OrderStatusDocument> Orders,
    [property: Description("Give this as `continuation`, with everything else the same, for the next page; absent when there is none.")] string? Next,
    [property: Description("What it cost, in request units.")] double RequestCharge,
    [property: Description("How the orders that the search index finds spread; absent where there is no index, and on later pages.")]
    SearchFacets? Facets = null);
