using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Orders.Shopper;
using Orders.Web;
using Orders.Web.Access;

namespace Orders.CustomerCare.Shopping;

/// <summary>What the shopper does.</summary>
public sealed record ShopperAnswer(
    [property: Description("How often it places an order; absent while it does not.")] string? Rate,
    [property: Description("Orders placed since customer care started.")] long Placed,
    [property: Description("Why the last order could not be placed; absent when it was.")] string? Problem)
{
    internal static ShopperAnswer Of(ShopperStatus status) => new(status.Rate?.ToString(), status.Placed, status.Problem);
}

/// <summary>The body of PUT /care/shopper.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record ShopperRequest : IJsonRequest<ShopperRequest>
{
    public static ShopperRequest Example { get; } = new() { Rate = "2/s" };

    [Description($"How often: {OrderRate.Rule}."), StringLength(ShoppingRate.MaxLength, MinimumLength = 1)]
    public required string Rate { get; init; }

    public static ShopperRequest Read(JsonFields fields) => new() { Rate = fields.Text("rate", ShoppingRate.Rule) };
}

/// <summary>GET, PUT and DELETE /care/shopper.</summary>
internal static class ShopperEndpoints
{
    public static void MapShopper(this IEndpointRouteBuilder care)
    {
        var shopper = care.MapGroup("/shopper").WithTags("Shopper");
        shopper.MapGet("", Get)
            .WithName("GetShopper")
            .WithSummary("Shows what the shopper does, who places believable random orders in development")
            .IsAboutTheShopper(new ShopperAnswer("2/s", 1201, null));
        shopper.MapPut("", StartAsync)
            .WithName("StartShopper")
            .WithSummary("Lets the shopper place orders at this rate, also where it does at another already")
            .WithRequestExample(ShopperRequest.Example)
            .RequireAuthorization(Roles.Operator)
            .AnswersProblem(StatusCodes.Status400BadRequest, "The rate is missing or wrong.")
            .IsAboutTheShopper(new ShopperAnswer("2/s", 0, null));
        shopper.MapDelete("", StopAsync)
            .WithName("StopShopper")
            .WithSummary("Lets the shopper place no more orders")
            .RequireAuthorization(Roles.Operator)
            .IsAboutTheShopper(new ShopperAnswer(null, 1201, null));
    }

    private static void IsAboutTheShopper(this RouteHandlerBuilder endpoint, ShopperAnswer example) => endpoint
        .Answers(StatusCodes.Status200OK, "What it does.", example)
        .AnswersProblem(StatusCodes.Status404NotFound, "There is no shopper outside of development.")
        .IsCare();

    private static Results<Ok<ShopperAnswer>, ProblemHttpResult> Get(ShopperActions actions) => Answer(actions.Status);

    private static async Task<Results<Ok<ShopperAnswer>, ProblemHttpResult>> StartAsync(
        JsonBody<ShopperRequest> body, HttpContext http, ShopperActions actions) =>
        Answer(await actions.StartAsync(body.Value.Rate, http.User.Identity!.Name!, http.RequestAborted));

    private static async Task<Results<Ok<ShopperAnswer>, ProblemHttpResult>> StopAsync(HttpContext http, ShopperActions actions) =>
        Answer(await actions.StopAsync(http.User.Identity!.Name!, http.RequestAborted));

    private static Results<Ok<ShopperAnswer>, ProblemHttpResult> Answer(ShopperStatus? status) => status is null
        ? OrderProblems.NotFound("There is no shopper here: it runs in development, or where Shopper:Rate is set.")
        : TypedResults.Ok(ShopperAnswer.Of(status));
}
