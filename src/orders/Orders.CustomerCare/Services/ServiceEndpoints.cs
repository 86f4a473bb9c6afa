using System.ComponentModel;
using ChangeFeed.MassTransit;
using Microsoft.AspNetCore.Http.HttpResults;
using Orders.CustomerCare.Actions;
using Orders.Web;
using Orders.Web.Access;

namespace Orders.CustomerCare.Services;

/// <summary>A service, and whether it is paused.</summary>
public sealed record ServiceAnswer(
    [property: Description("How it stands.")] ServiceStanding Standing,
    [property: Description("The last command to pause or resume it; absent when there never was one.")] EndpointControl? Control);

/// <summary>GET /care/services, POST /care/services/{name}/pause and /resume.</summary>
internal static class ServiceEndpoints
{
    private static readonly DateTimeOffset At = new(2026, 3, 14, 15, 9, 26, TimeSpan.Zero);

    private static EndpointControl Control { get; } =
        new() { Id = "tax", Endpoint = "tax", Paused = true, By = "ada", Reason = "new rates come in", At = At };

    private static IReadOnlyList<ServiceAnswer> Example { get; } =
    [
        new(
            new ServiceStanding("tax", [new PartitionProgress("0", "host-4711-0199aa3fd0c17b6f9a3e5c2d1b4f6a80", "\"1201\"", 3, At)], 3, At, 41.5, 1)
            {
                LagSeconds = 2.4,
                Instances = [new ServiceInstanceStanding("host-4711", ["0"], 3, At)],
                LastError = new EndpointError(At.AddMinutes(-3), "There is no rate for 'XX'.", Examples.OrderId, 0),
            },
            Control),
    ];

    public static void MapServices(this IEndpointRouteBuilder care)
    {
        var services = care.MapGroup("/services").WithTags("Services");
        services.MapGet("", GetAsync)
            .WithName("GetServices")
            .WithSummary("Shows every service that reads the events: instances, partitions, how far behind, paused, parked")
            .Answers(StatusCodes.Status200OK, "The services.", Example)
            .IsCare();
        services.MapPost("/{name}/pause", PauseAsync)
            .WithName("PauseService")
            .WithSummary("Lets a service handle nothing new until it is resumed")
            .WithRequestExample(ReasonRequest.ExampleOf("new rates come in"))
            .ChangesAService();
        services.MapPost("/{name}/resume", ResumeAsync)
            .WithName("ResumeService")
            .WithSummary("Lets a service go on")
            .WithRequestExample(ReasonRequest.ExampleOf("the new rates are in"))
            .ChangesAService();
    }

    private static void ChangesAService(this RouteHandlerBuilder endpoint) => endpoint
        .WithParameterExample("name", "tax")
        .RequireAuthorization(Roles.Operator)
        .Answers(StatusCodes.Status200OK, "The command in force; every instance follows it within seconds.", Control)
        .AnswersProblem(StatusCodes.Status400BadRequest, "The reason is missing or wrong.")
        .AnswersProblem(StatusCodes.Status404NotFound, "There is no such service.")
        .IsCare();

    private static async Task<Ok<IReadOnlyList<ServiceAnswer>>> GetAsync(
        ServicesReader reader, ChangeFeedControls controls, CancellationToken cancellationToken)
    {
        var snapshot = await reader.LatestAsync(cancellationToken) ?? await reader.ReadOnceAsync(cancellationToken);
        var all = (await controls.AllAsync(cancellationToken)).ToDictionary(control => control.Endpoint);
        return TypedResults.Ok<IReadOnlyList<ServiceAnswer>>(
            [.. snapshot.Services.Select(service => new ServiceAnswer(service, all.GetValueOrDefault(service.Name)))]);
    }

    private static Task<Results<Ok<EndpointControl>, ProblemHttpResult>> PauseAsync(
        [Description("Name of the service.")] string name, JsonBody<ReasonRequest> body, HttpContext http, ServiceActions actions) =>
        AnswerAsync(name, actions.PauseAsync(name, http.User.Identity!.Name!, body.Value.Reason, http.RequestAborted));

    private static Task<Results<Ok<EndpointControl>, ProblemHttpResult>> ResumeAsync(
        [Description("Name of the service.")] string name, JsonBody<ReasonRequest> body, HttpContext http, ServiceActions actions) =>
        AnswerAsync(name, actions.ResumeAsync(name, http.User.Identity!.Name!, body.Value.Reason, http.RequestAborted));

    private static async Task<Results<Ok<EndpointControl>, ProblemHttpResult>> AnswerAsync(string name, Task<EndpointControl?> changing) =>
        await changing is { } control
            ? TypedResults.Ok(control)
            : OrderProblems.NotFound($"There is no service '{name}'; /care/services lists those there are.");
}
