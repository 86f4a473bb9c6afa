using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Orders.Api.PlacingAnOrder;
using Orders.Api.ReferenceData;
using Orders.Contracts;
using Orders.ReadModels;
using Orders.Web;
using Orders.Web.Access;

namespace Orders.Api.Products;

/// <summary>The body of PUT /products/{sku}.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record PutProductRequest : IJsonRequest<PutProductRequest>
{
    [Description("As it is sold."), StringLength(PlaceOrderLimits.MaxName, MinimumLength = 1)]
    public required string Name { get; init; }

    public static PutProductRequest Read(JsonFields fields) => new() { Name = fields.Text("name", PlaceOrderLimits.Name) };

    /// <summary>The document as it is to be. Pure.</summary>
    public ProductDocument ApplyTo(ProductDocument? current, string sku, DateTimeOffset now) =>
        current is not null && current.Name == Name ? current : new ProductDocument(sku, (current?.Version ?? 0) + 1, Name, now);
}

/// <summary>GET and PUT /products/{sku}.</summary>
internal static class ProductEndpoints
{
    public static void MapProducts(this IEndpointRouteBuilder products)
    {
        products.MapGet("/{id}", GetAsync)
            .WithName("GetProduct").WithSummary("Tells what is known of a product")
            .WithParameterExample("id", "KB-01")
            .ReadsReference(Examples.Product);
        products.MapPut("/{id}", PutAsync)
            .WithName("PutProduct").WithSummary("Makes a product known, or renames it")
            .WithDescription("Orders may be placed for products that were never made known; an order keeps the name it was sold by.")
            .WithParameterExample("id", "KB-01")
            .RequireAuthorization(Roles.Operator)
            .WritesReference(new PutProductRequest { Name = Examples.Product.Name }, Examples.Product);
    }

    private static Task<Results<Ok<ProductDocument>, ProblemHttpResult>> GetAsync(
        [Description("The sku.")] string id, HttpContext http, ReferenceStore<ProductDocument> products) =>
        ReferenceEndpoints.GetAsync(products, http, id, "There is no product of that sku.");

    private static Task<Results<Created<ProductDocument>, Ok<ProductDocument>, ProblemHttpResult>> PutAsync(
        [Description("The sku.")] string id,
        JsonBody<PutProductRequest> body, HttpContext http, ReferenceStore<ProductDocument> products, TimeProvider time) =>
        ReferenceEndpoints.PutAsync(products, http, id, current => body.Value.ApplyTo(current, id, time.GetUtcNow()));
}
