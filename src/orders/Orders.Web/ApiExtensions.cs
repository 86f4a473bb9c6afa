using System.Diagnostics;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.Extensions.DependencyInjection;
using Orders.Web.Access;

namespace Orders.Web;

/// <summary>What every HTTP API does alike: JSON, problem details, time-outs, the OpenAPI document and its page.</summary>
public static class ApiExtensions
{
    /// <summary>Address of the OpenAPI document.</summary>
    public const string DocumentPath = "/openapi/v1.json";

    /// <summary>The largest body of a request, in bytes.</summary>
    public const int MaxBodyBytes = 64 * 1024;

    /// <summary>How long the store may keep a request waiting before the caller is told to try again.</summary>
    public static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Adds what <see cref="UseApi"/> uses.</summary>
    /// <param name="builder">The service.</param>
    /// <param name="title">Title of the OpenAPI document.</param>
    /// <param name="description">What the API is for, in Markdown.</param>
    public static WebApplicationBuilder AddApi(this WebApplicationBuilder builder, string title, string description)
    {
        var services = builder.Services;
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        services.AddProblemDetails(o => o.CustomizeProblemDetails = problem => problem.ProblemDetails.Detail ??= Explain(problem.ProblemDetails.Status));
        services.AddExceptionHandler<ApiExceptionHandler>();
        services.AddRequestTimeouts(o => o.DefaultPolicy = new RequestTimeoutPolicy
        {
            Timeout = RequestTimeout,
            TimeoutStatusCode = StatusCodes.Status503ServiceUnavailable,
            WriteTimeoutResponse = ApiExceptionHandler.WriteTimeoutAsync,
        });
        services.ConfigureHttpJsonOptions(o =>
        {
            o.SerializerOptions.Converters.Add(new JsonStringEnumConverter());
            o.SerializerOptions.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
            o.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
        });
        services.AddOpenApi(o => o.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = title;
            document.Info.Description = description;
            document.Info.Version = "v1";
            document.Servers = []; // the address one reads it at is the address it serves
            return Task.CompletedTask;
        }));
        return builder;
    }

    /// <summary>Problem details for every error, the trace in every answer, the OpenAPI document, and its page at <c>/swagger</c>.</summary>
    /// <param name="app">The service.</param>
    /// <param name="hasPages">The service has pages of its own at <c>/</c>; otherwise one is led from there to <c>/swagger</c>.</param>
    public static WebApplication UseApi(this WebApplication app, bool hasPages = false)
    {
        app.UseHeadRequests();
        app.Use(TellTraceAsync);
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UseRequestTimeouts();
        // It does not wait for the store, and making it for the first time takes as long as it takes.
        app.MapOpenApi(DocumentPath.Replace("v1", "{documentName}", StringComparison.Ordinal)).DisableRateLimiting().DisableRequestTimeout();
        app.UseSwaggerUI(o =>
        {
            o.SwaggerEndpoint(DocumentPath, "v1");
            o.DisplayRequestDuration();
        });
        if (!hasPages)
            app.MapGet("/", () => Results.Redirect("/swagger")).ExcludeFromDescription();
        return app;
    }

    // The answers the framework gives on its own, before an endpoint is found.
    private static string? Explain(int? status) => status switch
    {
        StatusCodes.Status401Unauthorized => $"The token in Authorization is not valid here, or not any more. Get a new one, or send a key in {ApiKey.Header}.",
        StatusCodes.Status403Forbidden => "This is not yours, and your role does not allow it.",
        StatusCodes.Status404NotFound => $"There is nothing at this address; {DocumentPath} tells what there is.",
        StatusCodes.Status405MethodNotAllowed => $"This address does not know this method; {DocumentPath} tells what it knows.",
        StatusCodes.Status415UnsupportedMediaType => JsonBody.NotJson,
        _ => null,
    };

    // https://www.w3.org/TR/trace-context-2/ calls the header so: with it a caller finds their request in the traces.
    private static Task TellTraceAsync(HttpContext context, RequestDelegate next)
    {
        if (Activity.Current is { IdFormat: ActivityIdFormat.W3C, Id: { } id })
            context.Response.OnStarting(() =>
            {
                context.Response.Headers["traceresponse"] = id;
                return Task.CompletedTask;
            });
        return next(context);
    }
}
