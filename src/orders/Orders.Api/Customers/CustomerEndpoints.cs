using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Orders.Api.Access;
using Orders.Api.PlacingAnOrder;
using Orders.Api.ReferenceData;
using Orders.Contracts;
using Orders.PersonalData;
using Orders.ReadModels;
using Orders.Web;

namespace Orders.Api.Customers;

/// <summary>The body of PUT /customers/{id}.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record PutCustomerRequest : IJsonRequest<PutCustomerRequest>
{
    [Description("As the customer wants to be called."), StringLength(PlaceOrderLimits.MaxName, MinimumLength = 1)]
    public required string Name { get; init; }

    [Description("Where the customer can be reached."), StringLength(PlaceOrderLimits.MaxEmail, MinimumLength = 3)]
    public string? Email { get; init; }

    public static PutCustomerRequest Read(JsonFields fields) => new()
    {
        Name = fields.Text("name", PlaceOrderLimits.Name),
        Email = fields.OptionalText("email", PlaceOrderLimits.Email),
    };

    /// <summary>The document as it is to be. Pure.</summary>
    /// <exception cref="CustomerErasedException">There is nothing to be known of them any more.</exception>
    public CustomerDocument ApplyTo(CustomerDocument? current, string id, DateTimeOffset now) => current switch
    {
        { ErasedAt: not null } => throw new CustomerErasedException(id),
        not null when current.Name == Name && current.Email == Email => current,
        _ => new CustomerDocument(id, (current?.Version ?? 0) + 1, Name, now, Email),
    };
}

/// <summary>GET and PUT /customers/{id}.</summary>
internal static class CustomerEndpoints
{
    public static void MapCustomers(this IEndpointRouteBuilder customers)
    {
        customers.MapGet("/{id}", GetAsync)
            .WithName("GetCustomer").WithSummary("Tells what is known of a customer")
            .WithParameterExample("id", "c-1001")
            .ReadsReference(Examples.Customer);
        customers.MapPut("/{id}", PutAsync)
            .WithName("PutCustomer").WithSummary("Makes a customer known, or changes what is")
            .WithDescription("Orders may be placed for customers that were never made known.")
            .WithParameterExample("id", "c-1001")
            .RequireAuthorization(OrdersPolicies.ChangesCustomer)
            .WritesReference(new PutCustomerRequest { Name = Examples.Customer.Name, Email = Examples.Customer.Email }, Examples.Customer)
            .AnswersProblem(StatusCodes.Status409Conflict, "The customer was erased.");
    }

    private static Task<Results<Ok<CustomerDocument>, ProblemHttpResult>> GetAsync(
        [Description("Id of the customer.")] string id, HttpContext http, ReferenceStore<CustomerDocument> customers) =>
        ReferenceEndpoints.GetAsync(customers, http, id, "There is no customer of that id.");

    private static async Task<Results<Created<CustomerDocument>, Ok<CustomerDocument>, ProblemHttpResult>> PutAsync(
        [Description("Id of the customer.")] string id,
        JsonBody<PutCustomerRequest> body, HttpContext http, ReferenceStore<CustomerDocument> customers, TimeProvider time)
    {
        try
        {
            return await ReferenceEndpoints.PutAsync(customers, http, id, current => body.Value.ApplyTo(current, id, time.GetUtcNow()));
        }
        catch (CustomerErasedException)
        {
            return ErasureEndpoints.ErasedProblem();
        }
    }
}
