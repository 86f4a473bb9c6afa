using System.ComponentModel;
using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Orders.Api.ReadingAnOrder;
using Orders.Contracts;
using Orders.Web;

namespace Orders.Api.CustomerOrders;

/// <summary>Some orders of a customer.</summary>
/// <param name="Orders">The latest first.</param>
/// <param name="Continuation">Send this for the next page; absent on the last one.</param>
internal sealed record CustomerOrdersResponse(IReadOnlyList<OrderStatusResponse> Orders, string? Continuation);

/// <summary>GET /customers/{id}/orders.</summary>
internal static class CustomerOrdersEndpoint
{
    private const string RequestCharge = "X-Request-Charge";

    public static void MapCustomerOrders(this IEndpointRouteBuilder customers) => customers.MapGet("/{id}/orders", GetAsync)
        .WithName("GetCustomerOrders")
        .WithSummary("Lists the orders of a customer, the latest first")
        .WithDescription("From a view that replicates the orders under the customer's id: whatever the number of customers, one query of one partition.")
        .WithParameterExample("id", "c-1001")
        .WithWholeNumber("limit", least: 1, most: CustomerOrdersQuery.MaxOrders)
        .Answers(StatusCodes.Status200OK, "A page of orders; empty when there are none.", new CustomerOrdersResponse([Examples.Status], null))
        .AnswersHeader(StatusCodes.Status200OK, RequestCharge, "What the query cost, in request units; 0 where a cache had the answer.")
        .AnswersProblem(StatusCodes.Status400BadRequest, "A parameter is wrong, or the continuation belongs to another question.")
        .AnswersCommonProblems();

    private static async Task<Ok<CustomerOrdersResponse>> GetAsync(
        [Description("Id of the customer.")] string id,
        HttpContext http,
        CustomerOrdersReader orders,
        [Description("Only orders in this status.")] string? status = null,
        [Description("Only orders placed then or later, ISO 8601.")] string? from = null,
        [Description("Only orders placed before, ISO 8601.")] string? to = null,
        [Description("Most orders of a page; 25 when left out.")] string? limit = null,
        [Description("From the page before.")] string? continuation = null)
    {
        var query = CustomerOrdersQuery.Parse(id, status, from, to, limit, continuation);
        var page = await orders.ReadAsync(query, http.RequestAborted);
        http.Response.Headers[RequestCharge] = page.RequestCharge.ToString("0.##", CultureInfo.InvariantCulture);
        return TypedResults.Ok(new CustomerOrdersResponse([.. page.Orders.Select(OrderStatusResponse.From)], page.Next?.ToToken(query.Question)));
    }
}
